#include "audit/epoch.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "audit/change_key.h"
#include "audit/merkle.h"
#include "audit/prove.h"
#include "base/log.h"

namespace answerable::audit {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> malformed() {
  return fail(ErrorKind::invalid, "epoch_malformed",
              "The entry that begins an epoch does not name a signed head of the epoch before.");
}

Result<bool> has_root(store::Session& session, WorkspaceId workspace, const TreeHead& head) {
  TRY(auto leaves, leaf_hashes(session, workspace, 0, head.size));
  return leaves.size() == head.size && root_of(leaves) == head.root;
}

// Whether the database has forgotten what was signed.
Result<bool> is_abandoned(store::Session& session, const PublicKey& key, const Checkpoint& signed_head,
                          std::string_view text) {
  auto workspace = signed_head.ledger.workspace;
  TRY(auto epoch, epoch_of(session, workspace));
  if (epoch > signed_head.ledger.epoch) return false;  // given up before
  TRY(auto newest, newest_checkpoint(session, workspace));
  if (newest && *newest == text) return false;  // as nearly always: nothing to compute
  if (epoch == signed_head.ledger.epoch) {
    TRY(auto continues, has_root(session, workspace, signed_head.head));
    if (continues) return false;
  }
  TRY(auto fits, fits_itself(session, key, workspace));
  if (!fits) log::error("ledger_not_restored", {{"workspace", workspace.text()}});
  return fits;
}

Status begin_epoch(store::Database& database, const Checkpoint& abandoned, const std::string& note,
                   const OnRestored& on_restored) {
  auto workspace = abandoned.ledger.workspace;
  auto number = abandoned.ledger.epoch + 1;
  TRY_STATUS(database.write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(append_epoch(tx, workspace, number, note));
    return on_restored ? on_restored(tx, workspace) : Status();
  }));
  log::warning("ledger_epoch_begun", {{"workspace", workspace.text()},
                                      {"epoch", number},
                                      {"abandoned_entries", static_cast<std::int64_t>(abandoned.head.size)}});
  return {};
}

}  // namespace

Result<bool> fits_itself(store::Session& session, const PublicKey& key, WorkspaceId workspace) {
  TRY(auto note, newest_checkpoint(session, workspace));
  if (!note) return true;
  TRY(auto keys, keys_of(session, workspace, key));
  auto own = keys.open(*note);
  if (!own || own->ledger.workspace != workspace) return false;
  return has_root(session, workspace, own->head);
}

Result<Epoch> read_epoch(const LedgerKeys& keys, const Act& act) {
  if (act.action != epoch_action || act.details.size() != 2 || act.details[0].first != "abandoned" ||
      act.details[1].first != "epoch") {
    return malformed();
  }
  auto abandoned = keys.open(act.details[0].second);
  if (!abandoned || abandoned->ledger.workspace != act.workspace) return malformed();
  auto number = parse_decimal(act.details[1].second);
  if (!number || static_cast<std::int64_t>(*number) <= abandoned->ledger.epoch) return malformed();
  return Epoch{.number = static_cast<std::int64_t>(*number), .abandoned = *abandoned};
}

Status append_epoch(store::Transaction& tx, WorkspaceId workspace, std::int64_t number, std::string_view abandoned) {
  TRY_STATUS(append_entry(tx, {.workspace = workspace,
                               .actor = {.kind = "system", .id = {}, .credential = {}},
                               .action = epoch_action,
                               .object_kind = "ledger",
                               .object_id = workspace.text(),
                               .details = {{"abandoned", std::string(abandoned)}, {"epoch", std::to_string(number)}}}));
  TRY_STATUS(tx.execute("delete from ledger_anchors where workspace_id = $1", {workspace}));  // of what is given up
  TRY_STATUS(tx.execute("update ledger_heads set epoch = $1 where workspace_id = $2", {number, workspace}));
  return {};
}

Status SignedHeads::remember(WorkspaceId workspace, std::string_view note) const {
  ::mkdir(folder_.c_str(), 0700);
  const auto path = folder_ + "/" + workspace.text();
  std::ofstream file(path + ".new", std::ios::binary | std::ios::trunc);
  file.write(note.data(), static_cast<std::streamsize>(note.size()));
  file.close();
  if (file && std::rename((path + ".new").c_str(), path.c_str()) == 0) return {};
  return fail(ErrorKind::unavailable, "storage_unavailable", "Cannot write " + path + ": " + std::strerror(errno));
}

std::vector<std::string> SignedHeads::notes() const {
  std::vector<std::string> notes;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_, failed)) {
    if (entry.path().extension() == ".new") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string note(note_bytes_max + 1, '\0');
    file.read(note.data(), static_cast<std::streamsize>(note.size()));
    note.resize(static_cast<std::size_t>(file.gcount()));
    notes.push_back(std::move(note));
  }
  return notes;
}

Result<int> begin_epochs(store::Database& database, const PublicKey& key, const SignedHeads& heads,
                         const OnRestored& on_restored) {
  int begun = 0;
  for (const auto& note : heads.notes()) {
    auto signed_head = database.query([&](store::Session& session) -> Result<Checkpoint> {
      TRY(auto keys, keys_of_note(session, note, key));
      return keys.open(note);
    });
    if (!signed_head) {
      log::warning("ledger_head_unreadable", {{"reason", signed_head.error().detail}});
      continue;
    }
    TRY(auto abandoned,
        database.query([&](store::Session& session) { return is_abandoned(session, key, *signed_head, note); }));
    if (!abandoned) continue;
    TRY_STATUS(begin_epoch(database, *signed_head, note, on_restored));
    ++begun;
  }
  return begun;
}

}  // namespace answerable::audit
