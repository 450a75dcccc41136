#include "store/session.h"

#include <algorithm>
#include <atomic>

#include "store/statement_count.h"

namespace answerable::store {
namespace {

std::atomic<std::int64_t> statements{0};

}  // namespace

std::int64_t statements_run() { return statements.load(std::memory_order_relaxed); }

Result<std::int64_t> Session::run(Sql sql, Values values, const std::function<void(const Row&)>* row) {
  if (failure_) return std::unexpected(*failure_);
  statements.fetch_add(1, std::memory_order_relaxed);
  auto changed = connection_.run(sql, values, row);
  if (!changed) failure_ = changed.error();
  return changed;
}

Status Session::each(Sql sql, Values values, const std::function<void(const Row&)>& row) {
  TRY_STATUS(run(sql, values, &row));
  return {};
}

Result<std::int64_t> Session::number(Sql sql, Values values) {
  std::int64_t number = 0;
  bool first = true;
  const std::function<void(const Row&)> take = [&](const Row& row) {
    if (first) number = row.integer(0);
    first = false;
  };
  TRY_STATUS(run(sql, values, &take));
  return number;
}

Result<std::int64_t> Transaction::execute(Sql sql, Values values) { return run(sql, values, nullptr); }

void Transaction::announce(WorkspaceId workspace) {
  if (std::ranges::find(announced_, workspace) == announced_.end()) announced_.push_back(workspace);
}

void Transaction::on_commit(std::function<void()> then) { on_commit_.push_back(std::move(then)); }

}  // namespace answerable::store
