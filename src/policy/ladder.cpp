#include "policy/ladder.h"

#include <charconv>

namespace answerable::policy {
namespace {

std::string_view take_word(std::string_view& rest) {
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  const auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

// "5 suspend sending"
std::optional<LadderStep> parse_step(std::string_view text) {
  LadderStep step;
  const auto count = take_word(text);
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), step.count);
  if (error != std::errc() || end != count.data() + count.size()) return std::nullopt;
  if (step.count < 1 || step.count > ladder_count_max) return std::nullopt;
  const auto kind = parse_measure_kind(take_word(text));
  if (!kind) return std::nullopt;
  step.kind = *kind;
  const auto word = take_word(text);
  if (step.kind == MeasureKind::limit && word.empty()) return step;
  if (has_scope(step.kind)) {
    const auto scope = parse_scope(word);
    if (!scope) return std::nullopt;
    step.scope = *scope;
  } else if (!word.empty()) {
    return std::nullopt;
  }
  if (!take_word(text).empty()) return std::nullopt;
  return step;
}

}  // namespace

std::string_view to_string(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::warn: return "warn";
    case MeasureKind::hold: return "hold";
    case MeasureKind::limit: return "limit";
    case MeasureKind::block: return "block";
    case MeasureKind::suspend: return "suspend";
  }
  return "warn";
}

std::optional<MeasureKind> parse_measure_kind(std::string_view text) {
  for (auto kind : measure_kinds) {
    if (text == to_string(kind)) return kind;
  }
  return std::nullopt;
}

Result<std::vector<LadderStep>> parse_ladder(std::string_view text) {
  std::vector<LadderStep> ladder;
  while (true) {
    const auto comma = text.find(',');
    const auto step = parse_step(text.substr(0, comma));
    const bool rises = step && (ladder.empty() || step->count > ladder.back().count);
    if (!rises || ladder.size() == ladder_steps_max)
      return fail(ErrorKind::invalid, "bad_rule",
                  "A ladder is written as: 1 warn, 3 hold, 5 suspend sending; with rising numbers.");
    ladder.push_back(*step);
    if (comma == std::string_view::npos) return ladder;
    text.remove_prefix(comma + 1);
  }
}

std::optional<LadderStep> step_for(const std::vector<LadderStep>& ladder, std::int64_t count) {
  std::optional<LadderStep> found;
  for (const auto& step : ladder) {
    if (step.count <= count) found = step;
  }
  return found;
}

}  // namespace answerable::policy
