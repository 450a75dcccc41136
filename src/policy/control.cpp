#include "policy/control.h"

#include <map>

#include "base/utf8.h"
#include "policy/ladder.h"

namespace answerable::policy {
namespace {

constexpr std::size_t detail_bytes_max = 500;

void add(ClauseFigures& figures, std::string_view kind, std::int64_t count) {
  figures.violations += count;
  switch (parse_measure_kind(kind).value_or(MeasureKind::warn)) {
    case MeasureKind::warn: figures.warn += count; break;
    case MeasureKind::hold: figures.hold += count; break;
    case MeasureKind::limit: figures.limit += count; break;
    case MeasureKind::block: figures.block += count; break;
    case MeasureKind::suspend: figures.suspend += count; break;
  }
}

}  // namespace

Status record_control_test(store::Transaction& tx, const ControlTest& test) {
  TRY_STATUS(
      tx.execute("insert into control_tests (control, tested_at, is_ok, detail) values ($1, $2, $3, $4) on conflict "
                 "(control) do update set tested_at = excluded.tested_at, is_ok = excluded.is_ok, "
                 "detail = excluded.detail where control_tests.tested_at <= excluded.tested_at",
                 {test.control, test.at, test.is_ok, one_line(to_valid_utf8(test.detail), detail_bytes_max)}));
  return {};
}

Result<std::vector<ControlTest>> control_tests(store::Session& session) {
  return session.all(
      "select control, tested_at, is_ok, detail from control_tests order by control", {}, [](const store::Row& row) {
        return ControlTest{.control = row.string(0), .at = row.time(1), .is_ok = row.flag(2), .detail = row.string(3)};
      });
}

Result<std::vector<ClauseFigures>> clause_figures(store::Session& session, Time since,
                                                  std::optional<WorkspaceId> workspace) {
  std::map<std::string, ClauseFigures> by_clause;
  const auto count = [&](const store::Row& row) {
    auto& figures = by_clause[row.string(0)];
    add(figures, row.text(1), row.integer(2));
    figures.dismissed += row.integer(3);
  };
  TRY_STATUS(
      workspace ? session.each("select clause, kind, count(*), sum(case when ended_as = 'dismissed' then 1 else 0 end) "
                               "from policy_measures where workspace_id = $2 and taken_at >= $1 group by clause, kind",
                               {since, *workspace}, count)
                : session.each("select clause, kind, count(*), sum(case when ended_as = 'dismissed' then 1 else 0 end) "
                               "from policy_measures where taken_at >= $1 group by clause, kind",
                               {since}, count));
  for (auto& [clause, figures] : by_clause) {
    figures.clause = clause;
    const auto read = [](const store::Row& row) { return std::tuple(row.time(0), row.string(1), row.string(2)); };
    TRY(const auto last,
        workspace
            ? session.find("select taken_at, control, facts from policy_measures where workspace_id = $3 and clause = "
                           "$1 and taken_at >= $2 order by taken_at desc, id desc limit 1",
                           {clause, since, *workspace}, read)
            : session.find("select taken_at, control, facts from policy_measures where clause = $1 and taken_at >= $2 "
                           "order by taken_at desc, id desc limit 1",
                           {clause, since}, read));
    if (last) std::tie(figures.last_at, figures.last_control, figures.last_facts) = *last;
  }
  std::vector<ClauseFigures> list;
  for (auto& [clause, figures] : by_clause) list.push_back(std::move(figures));
  return list;
}

}  // namespace answerable::policy
