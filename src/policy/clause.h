// What an acceptable-use policy consists of: clauses with stable ids, their text in several languages, and rules that
// are data (thresholds, measures), so that an agreement can override them one by one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace answerable::policy {

inline constexpr std::size_t clauses_max = 50;
inline constexpr std::size_t clause_id_bytes_max = 64;
inline constexpr std::size_t clause_texts_max = 10;  // languages
inline constexpr std::size_t clause_title_bytes_max = 200;
inline constexpr std::size_t clause_body_bytes_max = 8'000;
inline constexpr std::size_t clause_rules_max = 20;
inline constexpr std::size_t rule_value_bytes_max = 500;
inline constexpr int use_class_max = 7;

struct ClauseText {
  std::string language;  // "en", "fr", "de"…: ISO 639-1
  std::string title, body;
  bool operator==(const ClauseText&) const = default;
};

struct ClauseRule {
  std::string name;   // snake_case: "ladder", "window_days", or what a control knows
  std::string value;  // one line
  bool operator==(const ClauseRule&) const = default;
};

struct Clause {
  std::string id;     // snake_case; means the same in every version
  int use_class = 0;  // 1 to 7: the class of use that it controls; 0: none
  std::vector<ClauseRule> rules;
  std::vector<ClauseText> texts;
  bool operator==(const Clause&) const = default;
};

// a to z, 0 to 9 and _, not empty, at most clause_id_bytes_max.
bool is_snake_case(std::string_view text);
// A rule whose value is neither a ladder nor a number: whoever wrote it may have named a person.
bool is_free_text(std::string_view rule);
// One rule: known ones (ladder: see ladder.h; window_days and other numbers) must be readable. Errors: invalid
// "bad_rule".
Status check_rule(std::string_view name, std::string_view value);
// Errors: invalid "bad_policy" with what is wrong and where; "bad_rule".
Status check_clauses(const std::vector<Clause>& clauses);

// Empty when the clause has no such rule.
std::string_view find_rule(const Clause& clause, std::string_view name);
const Clause* find_clause(const std::vector<Clause>& clauses, std::string_view id);
// In this language, else in English, else the first.
const ClauseText& text_in(const Clause& clause, std::string_view language);

}  // namespace answerable::policy
