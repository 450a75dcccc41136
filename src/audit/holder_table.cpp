#include "audit/holder_table.h"

#include <cstring>

namespace answerable::audit {
namespace {

Holder read_holder(const store::Row& row) {
  auto bytes = row.bytes(2);
  std::vector<Digest> hashes(bytes.size() / sizeof(Digest));
  if (!hashes.empty()) std::memcpy(hashes.data(), bytes.data(), hashes.size() * sizeof(Digest));
  auto range = CompactRange::restore(static_cast<std::uint64_t>(row.integer(1)), std::move(hashes));
  return {.name = row.string(0),
          .range = range.value_or(CompactRange()),
          .note = row.string(3),
          .held_at = row.time(4),
          .problem = row.string(5)};
}

}  // namespace

Result<std::optional<Holder>> find_holder(store::Session& session, const std::string& name) {
  return session.find("select name, size, hashes, note, held_at, problem from ledger_holders where name = $1", {name},
                      read_holder);
}

Result<std::vector<Holder>> holders(store::Session& session) {
  return session.all("select name, size, hashes, note, held_at, problem from ledger_holders order by name", {},
                     read_holder);
}

Status save_holder(store::Transaction& tx, const Holder& holder) {
  std::string hashes;
  for (const auto& hash : holder.range.hashes()) hashes += as_bytes(hash);
  TRY_STATUS(
      tx.execute("insert into ledger_holders (name, size, hashes, note, held_at, problem)"
                 " values ($1, $2, $3, $4, $5, $6) on conflict (name) do update set size = excluded.size,"
                 " hashes = excluded.hashes, note = excluded.note, held_at = excluded.held_at,"
                 " problem = excluded.problem",
                 {holder.name, static_cast<std::int64_t>(holder.range.size()), store::Bytes{hashes}, holder.note,
                  holder.held_at, holder.problem}));
  return {};
}

}  // namespace answerable::audit
