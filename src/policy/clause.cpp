#include "policy/clause.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/ensure.h"
#include "base/utf8.h"
#include "policy/allowance.h"
#include "policy/ladder.h"

namespace answerable::policy {
namespace {

// Rules that are whole numbers from 1 to 100,000.
constexpr std::array<std::string_view, 19> number_rules{
    "window_days",          "notice_days",           "identical_replies",    "identical_minutes", "per_minute",
    "overlap_seconds",      "overlaps_a_day",        "alternations_an_hour", "read_an_hour",      "read_a_day",
    "read_times_the_norm",  "program_reads_an_hour", "program_reads_a_day",  "spike_overdue",     "spike_settled",
    "spike_failed_percent", "travels_a_day",         "travel_km_an_hour",    "clean_minutes"};
constexpr std::int64_t number_rule_max = 100'000;
// Rules that are rates, from 1 to 1,000,000,000.
constexpr std::array rate_rules{read_rule, write_rule, search_rule, upload_rule, export_rule, limited_rule};
constexpr std::int64_t rate_rule_max = 1'000'000'000;

bool is_number(std::string_view text, std::int64_t most) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= most;
}

bool is_text(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && is_valid_utf8(text) && !text.contains('\0');
}

bool is_language(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

std::unexpected<Error> bad(const Clause& clause, std::string_view what) {
  return fail(ErrorKind::invalid, "bad_policy", clause.id + ": " + std::string(what));
}

Status check_texts(const Clause& clause) {
  if (clause.texts.empty() || clause.texts.size() > clause_texts_max)
    return bad(clause, "a clause has its text in one to ten languages.");
  std::set<std::string_view> languages;
  for (const auto& text : clause.texts) {
    if (!is_language(text.language) || !languages.insert(text.language).second)
      return bad(clause, "a language is written as en or fr, and stands once.");
    if (!is_text(text.title, clause_title_bytes_max) || text.title.contains('\n'))
      return bad(clause, "a title has one line of at most 200 bytes.");
    if (!is_text(text.body, clause_body_bytes_max)) return bad(clause, "a text has 1 to 8,000 bytes.");
  }
  return {};
}

Status check_rules(const Clause& clause) {
  if (clause.rules.size() > clause_rules_max) return bad(clause, "a clause has at most twenty rules.");
  std::set<std::string_view> names;
  for (const auto& rule : clause.rules) {
    if (!names.insert(rule.name).second) return bad(clause, "a rule stands once.");
    TRY_STATUS(check_rule(rule.name, rule.value));
  }
  return {};
}

}  // namespace

bool is_snake_case(std::string_view text) {
  if (text.empty() || text.size() > clause_id_bytes_max) return false;
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_free_text(std::string_view rule) {
  return rule != "ladder" && std::ranges::find(number_rules, rule) == number_rules.end() &&
         std::ranges::find(rate_rules, rule) == rate_rules.end();
}

Status check_rule(std::string_view name, std::string_view value) {
  if (!is_snake_case(name)) return fail(ErrorKind::invalid, "bad_rule", "A rule has a snake_case name.");
  if (!is_text(value, rule_value_bytes_max) || value.contains('\n'))
    return fail(ErrorKind::invalid, "bad_rule", "A rule has a value of one line, at most 500 bytes.");
  if (name == "ladder") {
    TRY_STATUS(parse_ladder(value));
  }
  if (std::ranges::find(number_rules, name) != number_rules.end() && !is_number(value, number_rule_max))
    return fail(ErrorKind::invalid, "bad_rule", "This rule is a whole number from 1 to 100,000.");
  if (std::ranges::find(rate_rules, name) != rate_rules.end() && !is_number(value, rate_rule_max))
    return fail(ErrorKind::invalid, "bad_rule", "This rule is a whole number from 1 to 1,000,000,000.");
  return {};
}

Status check_clauses(const std::vector<Clause>& clauses) {
  if (clauses.empty() || clauses.size() > clauses_max)
    return fail(ErrorKind::invalid, "bad_policy", "A policy has 1 to 50 clauses.");
  std::set<std::string_view> ids;
  for (const auto& clause : clauses) {
    if (!is_snake_case(clause.id) || !ids.insert(clause.id).second)
      return fail(ErrorKind::invalid, "bad_policy", "A clause has a snake_case id of its own.");
    if (clause.use_class < 0 || clause.use_class > use_class_max) return bad(clause, "its class is 0 to 7.");
    TRY_STATUS(check_rules(clause));
    TRY_STATUS(check_texts(clause));
  }
  return {};
}

std::string_view find_rule(const Clause& clause, std::string_view name) {
  for (const auto& rule : clause.rules) {
    if (rule.name == name) return rule.value;
  }
  return {};
}

const Clause* find_clause(const std::vector<Clause>& clauses, std::string_view id) {
  const auto found = std::ranges::find(clauses, id, &Clause::id);
  return found == clauses.end() ? nullptr : &*found;
}

const ClauseText& text_in(const Clause& clause, std::string_view language) {
  ensure(!clause.texts.empty(), "a clause has a text");
  for (auto wanted : {language, std::string_view("en")}) {
    const auto found = std::ranges::find(clause.texts, wanted, &ClauseText::language);
    if (found != clause.texts.end()) return *found;
  }
  return clause.texts.front();
}

}  // namespace answerable::policy
