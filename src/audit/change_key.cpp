#include "audit/change_key.h"

#include "audit/epoch.h"
#include "audit/ledger.h"
#include "audit/prove.h"

namespace answerable::audit {
namespace {

std::unexpected<Error> broken() {
  return fail(ErrorKind::internal, "ledger_broken",
              "The entries do not fit what was signed: run answerable audit verify. The key is not replaced.");
}

// Whether there is anything that the old key has signed, and all is as it was signed.
Result<bool> has_signed(store::Session& session, WorkspaceId workspace, const PublicKey& from) {
  TRY(const auto note, newest_checkpoint(session, workspace));
  if (!note) return false;
  TRY(const auto keys, keys_of(session, workspace, from));
  if (keys.changes().size() == key_changes_max)
    return fail(ErrorKind::limited, "too_many_keys", "The key of this ledger cannot be replaced once more.");
  TRY(const auto fits, fits_itself(session, from, workspace));
  if (!fits || keys.newest() != from) return broken();
  return true;
}

Result<TreeHead> head_of(store::Session& session, WorkspaceId workspace) {
  TRY(const auto size, entry_count(session, workspace));
  TRY(const auto leaves, leaf_hashes(session, workspace, 0, static_cast<std::uint64_t>(size)));
  return TreeHead{static_cast<std::uint64_t>(size), root_of(leaves)};
}

Status append_change(store::Transaction& tx, WorkspaceId workspace, const std::string& note) {
  TRY(const auto seq, append_entry(tx, {.workspace = workspace,
                                        .actor = {.kind = "operator", .id = {}, .credential = {}},
                                        .action = key_action,
                                        .object_kind = "ledger",
                                        .object_id = workspace.text(),
                                        .details = {{"announcement", note}}}));
  TRY_STATUS(tx.execute("insert into ledger_key_changes (workspace_id, seq, note) values ($1, $2, $3)",
                        {workspace, seq, note}));
  return {};
}

Result<LedgerName> name_of(store::Session& session, WorkspaceId workspace) {
  TRY(const auto epoch, epoch_of(session, workspace));
  return LedgerName(workspace, epoch);
}

}  // namespace

Result<LedgerKeys> keys_of(store::Session& session, WorkspaceId workspace, const PublicKey& trusted) {
  TRY(const auto notes, session.all("select note from ledger_key_changes where workspace_id = $1 order by seq",
                                    {workspace}, [](const store::Row& row) { return row.string(0); }));
  std::vector<KeyChange> changes;
  for (const auto& note : notes) {
    TRY(auto change, open_key_change(note));
    changes.push_back(std::move(change));
  }
  return LedgerKeys::of(trusted, std::move(changes));
}

Result<LedgerKeys> keys_of_note(store::Session& session, std::string_view note, const PublicKey& trusted) {
  const auto ledger = ledger_called(trusted, note.substr(0, note.find('\n')));
  if (!ledger) return fail(ErrorKind::invalid, "checkpoint_origin", "The checkpoint belongs to another installation.");
  return keys_of(session, ledger->workspace, trusted);
}

Status change_key(store::Transaction& tx, WorkspaceId workspace, const SigningKey& from, const SigningKey& to) {
  TRY(const auto has, has_signed(tx, workspace, from.public_key()));
  if (!has) return {};
  TRY(const auto ledger, name_of(tx, workspace));
  TRY(const auto head, head_of(tx, workspace));
  return append_change(tx, workspace, announce_key(ledger, head, from, to));
}

Status abandon_key(store::Transaction& tx, WorkspaceId workspace, const PublicKey& from, const SigningKey& to) {
  TRY(const auto has, has_signed(tx, workspace, from));
  if (!has) return {};
  TRY(const auto note, newest_checkpoint(tx, workspace));
  TRY(const auto before, name_of(tx, workspace));
  TRY_STATUS(append_epoch(tx, workspace, before.epoch + 1, *note));
  TRY(const auto ledger, name_of(tx, workspace));
  TRY(const auto head, head_of(tx, workspace));
  return append_change(tx, workspace, declare_key(ledger, head, from, to));
}

}  // namespace answerable::audit
