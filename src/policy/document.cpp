#include "policy/document.h"

#include <charconv>

extern "C" {
extern const char answerable_default_policy_begin[];
extern const char answerable_default_policy_end[];
}

namespace answerable::policy {
namespace {

struct Parsing {
  std::vector<Clause> clauses;
  int line = 0;
  bool in_text = false;

  std::unexpected<Error> bad(std::string_view what) const {
    return fail(ErrorKind::invalid, "bad_policy", "Line " + std::to_string(line) + ": " + std::string(what));
  }

  Status begin_clause(std::string_view id) {
    if (clauses.size() == clauses_max) return bad("a policy has at most 50 clauses.");
    clauses.emplace_back().id = std::string(id);
    in_text = false;
    return {};
  }

  Status take_class(std::string_view value) {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), clauses.back().use_class);
    if (error != std::errc() || end != value.data() + value.size()) return bad("a class is a number.");
    return {};
  }

  Status take_rule(std::string_view value) {
    const auto at = value.find(" = ");
    if (at == std::string_view::npos) return bad("a rule is written as: @rule NAME = VALUE.");
    auto& rules = clauses.back().rules;
    if (rules.size() == clause_rules_max) return bad("a clause has at most twenty rules.");
    rules.push_back({.name = std::string(value.substr(0, at)), .value = std::string(value.substr(at + 3))});
    return {};
  }

  Status begin_text(std::string_view value) {
    const auto at = value.find(' ');
    if (at == std::string_view::npos) return bad("a text is begun with: @text LANGUAGE TITLE.");
    auto& texts = clauses.back().texts;
    if (texts.size() == clause_texts_max) return bad("a clause has at most ten texts.");
    texts.push_back(
        {.language = std::string(value.substr(0, at)), .title = std::string(value.substr(at + 1)), .body = {}});
    in_text = true;
    return {};
  }

  Status take_mark(std::string_view text) {
    const auto at = text.find(' ');
    const auto name = text.substr(0, at);
    const auto value = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    if (name == "@clause") return begin_clause(value);
    if (clauses.empty()) return bad("a policy begins with @clause.");
    if (name == "@text") return begin_text(value);
    if (in_text) return bad("after @text comes text, @text or @clause; a text's own @ is written @@.");
    if (name == "@class") return take_class(value);
    if (name == "@rule") return take_rule(value);
    return bad("@clause, @class, @rule or @text.");
  }

  Status take_line(std::string_view text) {
    ++line;
    const bool is_escaped = text.starts_with("@@");
    if (text.starts_with('@') && !is_escaped) return take_mark(text);
    if (!in_text) return bad("text comes after @text.");
    auto& body = clauses.back().texts.back().body;
    body.append(text.substr(is_escaped ? 1 : 0)).push_back('\n');
    return {};
  }
};

}  // namespace

Result<std::vector<Clause>> parse_document(std::string_view text) {
  if (text.size() > document_bytes_max) return fail(ErrorKind::invalid, "bad_policy", "A policy has at most 1 MiB.");
  Parsing parsing;
  while (!text.empty()) {
    const auto end = text.find('\n');
    TRY_STATUS(parsing.take_line(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  for (auto& clause : parsing.clauses) {
    for (auto& one : clause.texts) {
      if (one.body.ends_with('\n')) one.body.pop_back();
    }
  }
  TRY_STATUS(check_clauses(parsing.clauses));
  return std::move(parsing.clauses);
}

std::string encode_document(const std::vector<Clause>& clauses) {
  std::string out;
  for (const auto& clause : clauses) {
    out += "@clause " + clause.id + "\n@class " + std::to_string(clause.use_class) + "\n";
    for (const auto& rule : clause.rules) out += "@rule " + rule.name + " = " + rule.value + "\n";
    for (const auto& text : clause.texts) {
      out += "@text " + text.language + " " + text.title + "\n";
      bool is_at_start = true;
      for (const char c : text.body) {
        if (is_at_start && c == '@') out.push_back('@');
        out.push_back(c);
        is_at_start = c == '\n';
      }
      out.push_back('\n');
    }
  }
  return out;
}

std::string_view default_document() {
  return {answerable_default_policy_begin,
          static_cast<std::size_t>(answerable_default_policy_end - answerable_default_policy_begin)};
}

}  // namespace answerable::policy
