#include "policy/difference.h"

#include <algorithm>

namespace answerable::policy {
namespace {

constexpr std::size_t words_max = 4'000;

// A word keeps the blanks after it, so that joining them gives the text again.
std::vector<std::string_view> words_of(std::string_view text) {
  auto is_blank = [](char c) { return c == ' ' || c == '\n'; };
  std::vector<std::string_view> words;
  std::size_t start = 0;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    if (i < text.size() && (is_blank(text[i]) || !is_blank(text[i - 1]))) continue;
    words.push_back(text.substr(start, i - start));
    start = i;
  }
  return words;
}

void add(std::vector<Piece>& pieces, Change change, std::string_view text) {
  if (text.empty()) return;
  if (pieces.empty() || pieces.back().change != change) pieces.push_back({.change = change, .text = {}});
  pieces.back().text += text;
}

// Lengths of the longest common subsequences of all ends of both.
class Table {
 public:
  Table(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b)
      : width_(b.size() + 1), cells_((a.size() + 1) * width_) {
    for (auto i = a.size(); i-- > 0;) {
      for (auto j = b.size(); j-- > 0;)
        cells_[i * width_ + j] =
            static_cast<std::uint16_t>(a[i] == b[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1)));
    }
  }
  std::uint16_t at(std::size_t i, std::size_t j) const { return cells_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<std::uint16_t> cells_;
};

std::vector<RuleDifference> rules_of(const Clause& before, const Clause& after) {
  std::vector<RuleDifference> found;
  for (const auto& rule : after.rules) {
    const auto old = find_rule(before, rule.name);
    if (old != rule.value) found.push_back({.name = rule.name, .before = std::string(old), .after = rule.value});
  }
  for (const auto& rule : before.rules) {
    if (find_rule(after, rule.name).empty()) found.push_back({.name = rule.name, .before = rule.value, .after = {}});
  }
  return found;
}

ClauseDifference between(const Clause& before, const Clause& after, std::string_view language) {
  const auto& old = text_in(before, language);
  const auto& now = text_in(after, language);
  using Kind = ClauseDifference::Kind;
  return {.kind = before == after ? Kind::same : Kind::changed,
          .id = after.id,
          .title = difference(old.title, now.title),
          .body = difference(old.body, now.body),
          .rules = rules_of(before, after)};
}

}  // namespace

std::vector<Piece> difference(std::string_view before, std::string_view after) {
  std::vector<Piece> pieces;
  const auto a = words_of(before);
  const auto b = words_of(after);
  if (before == after) {
    add(pieces, Change::same, before);
    return pieces;
  }
  if (a.size() + b.size() > words_max) {
    add(pieces, Change::removed, before);
    add(pieces, Change::added, after);
    return pieces;
  }
  const Table common(a, b);
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      add(pieces, Change::same, a[i++]);
      ++j;
    } else if (i < a.size() && (j == b.size() || common.at(i + 1, j) >= common.at(i, j + 1))) {
      add(pieces, Change::removed, a[i++]);
    } else {
      add(pieces, Change::added, b[j++]);
    }
  }
  return pieces;
}

std::vector<ClauseDifference> difference(const std::vector<Clause>& before, const std::vector<Clause>& after,
                                         std::string_view language) {
  using Kind = ClauseDifference::Kind;
  std::vector<ClauseDifference> found;
  for (const auto& clause : after) {
    if (const auto* old = find_clause(before, clause.id)) {
      found.push_back(between(*old, clause, language));
      continue;
    }
    const auto& text = text_in(clause, language);
    found.push_back({.kind = Kind::added,
                     .id = clause.id,
                     .title = {{Change::added, text.title}},
                     .body = {{Change::added, text.body}},
                     .rules = rules_of({}, clause)});
  }
  for (const auto& clause : before) {
    if (find_clause(after, clause.id) != nullptr) continue;
    const auto& text = text_in(clause, language);
    found.push_back({.kind = Kind::removed,
                     .id = clause.id,
                     .title = {{Change::removed, text.title}},
                     .body = {{Change::removed, text.body}},
                     .rules = rules_of(clause, {})});
  }
  return found;
}

}  // namespace answerable::policy
