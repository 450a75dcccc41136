#include "audit/anchor.h"

#include <vector>

#include "audit/ledger.h"

namespace answerable::audit {
namespace {

struct Grown {
  WorkspaceId workspace;
  std::int64_t size = 0;
  std::string note;
};

Result<std::vector<Grown>> grown(store::Session& session) {
  return session.all(
      "select c.workspace_id, c.size, c.note from ledger_checkpoints c"
      " join (select workspace_id, max(size) as size from ledger_checkpoints group by workspace_id) newest"
      " on newest.workspace_id = c.workspace_id and newest.size = c.size"
      " left join ledger_anchors a on a.workspace_id = c.workspace_id"
      " where c.workspace_id <> $1 and coalesce(a.size, 0) < c.size order by c.workspace_id limit $2",
      {WorkspaceId{}, anchors_max},
      [](const store::Row& row) { return Grown{row.id<WorkspaceId>(0), row.integer(1), row.string(2)}; });
}

}  // namespace

Result<std::optional<Anchor>> find_anchor(store::Session& session, WorkspaceId workspace) {
  return session.find("select size, seq, note from ledger_anchors where workspace_id = $1", {workspace},
                      [](const store::Row& row) { return Anchor{row.integer(0), row.integer(1), row.string(2)}; });
}

Result<int> anchor_checkpoints(store::Database& database) {
  TRY(auto any, database.query([](store::Session& session) { return grown(session); }));
  if (any.empty()) return 0;  // without a write that would be for nothing
  return database.write([](store::Transaction& tx) -> Result<int> {
    TRY(auto list, grown(tx));
    for (const auto& one : list) {
      TRY(auto seq, append_entry(tx, {.workspace = {},
                                      .actor = {.kind = "system", .id = {}, .credential = {}},
                                      .action = "ledger.checkpoint",
                                      .object_kind = "ledger",
                                      .object_id = one.workspace.text(),
                                      .details = {{"checkpoint", one.note}}}));
      TRY_STATUS(
          tx.execute("insert into ledger_anchors (workspace_id, size, seq, note) values ($1, $2, $3, $4)"
                     " on conflict (workspace_id) do update set size = excluded.size, seq = excluded.seq,"
                     " note = excluded.note",
                     {one.workspace, one.size, seq, one.note}));
    }
    return static_cast<int>(list.size());
  });
}

}  // namespace answerable::audit
