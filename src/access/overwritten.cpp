#include "access/overwritten.h"

namespace answerable::access {

std::vector<Overwritten> written_over(const Fields& before, const Fields& after) {
  std::vector<Overwritten> fields;
  for (std::size_t i = 0; i < before.size(); ++i)
    fields.push_back({before[i].first, before[i].second, after.empty() ? "" : after[i].second});
  return fields;
}

Status enter_overwriting(store::Transaction& tx, const audit::Act& act, const std::vector<Overwritten>& fields) {
  TRY(const auto seq, audit::append_entry(tx, act));
  for (const auto& field : fields) {
    if (field.before == field.after) continue;
    TRY_STATUS(tx.execute(
        "insert into overwritten_fields (workspace_id, seq, field, before, after, kept_at) values ($1, $2, $3, $4, "
        "$5, $6)",
        {act.workspace, seq, field.field, field.before, field.after, tx.now()}));
  }
  return {};
}

Result<std::vector<Overwritten>> overwritten_by(store::Session& session, WorkspaceId workspace, std::int64_t seq) {
  return session.all(
      "select field, before, after from overwritten_fields where workspace_id = $1 and seq = $2 order by field",
      {workspace, seq}, [](const store::Row& row) {
        return Overwritten{.field = row.string(0), .before = row.string(1), .after = row.string(2)};
      });
}

Result<std::int64_t> delete_old_overwritten(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from overwritten_fields where (workspace_id, seq, field) in (select workspace_id, seq, field from "
      "overwritten_fields "
      "where kept_at < $1 order by kept_at limit $2)",
      {tx.now() - overwritten_kept_ms, limit});
}

}  // namespace answerable::access
