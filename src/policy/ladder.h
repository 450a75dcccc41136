// What happens at the first, the third, the fifth violation of a clause: its ladder, written in the policy as
// "1 warn, 3 limit sending, 5 suspend sending". A limit without a scope limits sending.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/judge.h"

namespace answerable::policy {

// In order of how much they take.
enum class MeasureKind : std::uint8_t { warn, hold, limit, block, suspend };
inline constexpr std::array measure_kinds{MeasureKind::warn, MeasureKind::hold, MeasureKind::limit, MeasureKind::block,
                                          MeasureKind::suspend};
std::string_view to_string(MeasureKind kind);
// Whether a measure of this kind is of a scope, and not of the thing that it was found in.
constexpr bool has_scope(MeasureKind kind) { return kind == MeasureKind::limit || kind == MeasureKind::suspend; }
std::optional<MeasureKind> parse_measure_kind(std::string_view text);

inline constexpr std::size_t ladder_steps_max = 10;
inline constexpr std::int64_t ladder_count_max = 10'000;

struct LadderStep {
  std::int64_t count = 1;  // from this number of violations within the clause's window
  MeasureKind kind = MeasureKind::warn;
  Scope scope = Scope::sending;  // of a suspension or a limit
  bool operator==(const LadderStep&) const = default;
};

// Counts rise from step to step. Errors: invalid "bad_rule".
Result<std::vector<LadderStep>> parse_ladder(std::string_view text);
// The step for the n-th violation; nothing below the first.
std::optional<LadderStep> step_for(const std::vector<LadderStep>& ladder, std::int64_t count);

}  // namespace answerable::policy
