#include "audit/prove.h"

#include "audit/anchor.h"
#include "audit/change_key.h"
#include "audit/ledger.h"
#include "audit/merkle.h"
#include "audit/proof_file.h"

namespace answerable::audit {
namespace {

struct Tree {
  std::string note;
  TreeHead head;
  std::vector<Digest> leaves;
};

std::unexpected<Error> not_sealed() {
  return fail(ErrorKind::unavailable, "entry_not_sealed",
              "No checkpoint covers it yet: one is made within a second while the server runs. Try again.");
}

std::string notes_of(const LedgerKeys& keys) {
  std::string notes;
  for (const auto& change : keys.changes()) notes += change.note;
  return notes;
}

// The tree under a checkpoint, which must have the root that was signed.
Result<Tree> tree_under(store::Session& session, const LedgerKeys& keys, WorkspaceId workspace, std::string note) {
  TRY(auto checkpoint, keys.open(note));
  if (!open_checkpoint(keys.newest(), note)) return not_sealed();  // since the key was replaced
  TRY(auto leaves, leaf_hashes(session, workspace, 0, checkpoint.head.size));
  if (checkpoint.ledger.workspace != workspace || leaves.size() != checkpoint.head.size ||
      root_of(leaves) != checkpoint.head.root) {
    return fail(ErrorKind::internal, "ledger_broken",
                "The entries do not fit what was signed: run answerable audit verify.");
  }
  return Tree{std::move(note), checkpoint.head, std::move(leaves)};
}

Result<std::string> prove_in(store::Session& session, const Tree& tree, WorkspaceId workspace, std::int64_t seq) {
  TRY(auto found, entries(session, workspace, seq, 1));
  if (found.empty() || found.front().seq != seq)
    return fail(ErrorKind::not_found, "entry_not_found", "The ledger has no entry with this number.");
  auto index = static_cast<std::uint64_t>(seq);
  return inclusion_file(found.front().encoded, index, inclusion_proof(tree.leaves, index), tree.note);
}

Result<std::string> prove_by(store::Session& session, const PublicKey& key, WorkspaceId workspace, std::int64_t seq) {
  TRY(auto note, newest_checkpoint(session, workspace));
  if (!note) return not_sealed();
  TRY(auto keys, keys_of(session, workspace, key));
  TRY(auto tree, tree_under(session, keys, workspace, *std::move(note)));
  if (static_cast<std::uint64_t>(seq) >= tree.head.size) return not_sealed();
  return prove_in(session, tree, workspace, seq);
}

}  // namespace

Result<std::optional<std::string>> newest_checkpoint(store::Session& session, WorkspaceId workspace) {
  return session.find("select note from ledger_checkpoints where workspace_id = $1 order by size desc limit 1",
                      {workspace}, [](const store::Row& row) { return row.string(0); });
}

Result<std::string> prove_entry(store::Session& session, const PublicKey& key, WorkspaceId workspace,
                                std::int64_t seq) {
  TRY(auto count, entry_count(session, workspace));
  if (seq < 0 || seq >= count)
    return fail(ErrorKind::not_found, "entry_not_found", "The ledger has no entry with this number.");
  TRY(auto anchor, find_anchor(session, workspace));
  TRY(auto keys, keys_of(session, workspace, key));
  if (!anchor || anchor->size <= seq || !open_checkpoint(key, anchor->note)) {
    TRY(auto proof, prove_by(session, key, workspace, seq));
    return proof + notes_of(keys);
  }
  TRY(auto tree, tree_under(session, keys, workspace, anchor->note));
  TRY(auto proof, prove_in(session, tree, workspace, seq));
  auto above = prove_by(session, key, WorkspaceId{}, anchor->seq);
  if (!above && above.error().code == "entry_not_sealed") return proof + notes_of(keys);
  if (!above) return above;
  TRY(auto keys_above, keys_of(session, WorkspaceId{}, key));
  return proof + *above + notes_of(keys) + notes_of(keys_above);
}

Result<std::string> prove_growth(store::Session& session, const PublicKey& key, std::string_view held) {
  TRY(auto keys, keys_of_note(session, held, key));
  TRY(auto older, keys.open(held));
  auto workspace = older.ledger.workspace;
  TRY(auto note, newest_checkpoint(session, workspace));
  if (!note) return not_sealed();
  TRY(auto newer, keys.open(*note));
  TRY(auto tree, tree_under(session, keys, workspace, *std::move(note)));
  if (older.ledger != newer.ledger || older.head.size > tree.head.size ||
      range_of(std::span(tree.leaves).first(older.head.size)).root() != older.head.root) {
    return fail(ErrorKind::conflict, "ledger_forked",
                "The ledger does not continue the checkpoint that you hold: entries were changed, or a backup was "
                "restored; then an entry ledger.epoch names what was abandoned.");
  }
  auto proof = older.head.size == 0 ? std::vector<Digest>() : consistency_proof(tree.leaves, older.head.size);
  return growth_file(older.head.size, proof, tree.note) + notes_of(keys);
}

}  // namespace answerable::audit
