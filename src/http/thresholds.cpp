#include "http/thresholds.h"

#include "policy/agreement.h"

namespace answerable::http {
namespace {

constexpr std::string_view sharing = "agreed_limits";
constexpr std::string_view reading = "approved_programs";

Result<WatchLimits> read_limits(store::Session& session, WorkspaceId workspace) {
  WatchLimits limits;
  const auto read = [&](std::string_view clause, std::string_view name, std::int64_t& number) -> Status {
    TRY(const auto rule, policy::rule_for(session, workspace, clause, name));
    number = rule.number(number);
    return {};
  };
  auto overlap_seconds = limits.code_use.overlap_ms / 1'000;
  TRY_STATUS(read(sharing, "overlap_seconds", overlap_seconds));
  limits.code_use.overlap_ms = overlap_seconds * 1'000;
  TRY_STATUS(read(sharing, "overlaps_a_day", limits.code_use.overlaps_a_day));
  TRY_STATUS(read(sharing, "alternations_an_hour", limits.code_use.alternations_an_hour));
  TRY_STATUS(read(sharing, "travels_a_day", limits.code_use.travels_a_day));
  TRY_STATUS(read(sharing, "travel_km_an_hour", limits.code_use.travel_km_an_hour));
  TRY_STATUS(read(reading, "read_an_hour", limits.person.an_hour));
  TRY_STATUS(read(reading, "read_a_day", limits.person.a_day));
  TRY_STATUS(read(reading, "read_times_the_norm", limits.person.times_the_norm));
  TRY_STATUS(read(reading, "program_reads_an_hour", limits.program.an_hour));
  TRY_STATUS(read(reading, "program_reads_a_day", limits.program.a_day));
  limits.program.times_the_norm = limits.person.times_the_norm;
  return limits;
}

}  // namespace

WatchLimits Thresholds::of(WorkspaceId workspace) {
  const auto now_ms = clock_.monotonic_ms();
  {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(workspace);
    if (found != known_.end() && now_ms - found->second.read_ms < remembered_ms) return found->second.limits;
  }
  auto limits =
      database_.query([&](store::Session& session) { return read_limits(session, workspace); }).value_or(WatchLimits{});
  const std::scoped_lock lock(mutex_);
  if (known_.size() >= remembered_max) known_.clear();
  known_[workspace] = {.read_ms = now_ms, .limits = limits};
  return limits;
}

}  // namespace answerable::http
