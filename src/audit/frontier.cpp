#include "audit/frontier.h"

#include <cstring>

namespace answerable::audit {

Result<std::optional<CompactRange>> find_frontier(store::Session& session, WorkspaceId workspace) {
  TRY(auto found, session.find("select size, hashes from ledger_frontiers where workspace_id = $1", {workspace},
                               [](const store::Row& row) {
                                 auto bytes = row.bytes(1);
                                 std::vector<Digest> hashes(bytes.size() / sizeof(Digest));
                                 if (!hashes.empty())
                                   std::memcpy(hashes.data(), bytes.data(), hashes.size() * sizeof(Digest));
                                 return CompactRange::restore(static_cast<std::uint64_t>(row.integer(0)),
                                                              std::move(hashes));
                               }));
  return found.value_or(std::nullopt);
}

Status save_frontier(store::Transaction& tx, WorkspaceId workspace, const CompactRange& range) {
  std::string bytes;
  for (const auto& hash : range.hashes()) bytes += as_bytes(hash);
  TRY_STATUS(
      tx.execute("insert into ledger_frontiers (workspace_id, size, hashes) values ($1, $2, $3)"
                 " on conflict (workspace_id) do update set size = excluded.size, hashes = excluded.hashes"
                 " where ledger_frontiers.size < excluded.size",
                 {workspace, static_cast<std::int64_t>(range.size()), store::Bytes{bytes}}));
  return {};
}

}  // namespace answerable::audit
