#include "conversations/search_query.h"

#include "conversations/search.h"
#include "conversations/search_words.h"

namespace answerable::conversations {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string join(const std::vector<Clause>& clauses, std::string_view between, std::string (*one)(const Clause&)) {
  std::string text;
  for (const auto& clause : clauses) {
    if (!text.empty()) text += between;
    text += one(clause);
  }
  return text;
}

std::string fts5_clause(const Clause& clause) {
  std::string text = "\"";
  for (const auto& word : clause.words) {
    if (text.size() > 1) text += ' ';
    text += word;
  }
  return text + (clause.is_beginning ? "\" *" : "\"");
}

std::string tsquery_clause(const Clause& clause) {
  std::string text = "(";
  for (const auto& word : clause.words) {
    if (text.size() > 1) text += " <-> ";
    text += "'" + word + "'";
  }
  return text + (clause.is_beginning ? ":*)" : ")");
}

// Takes the next quoted part or the next part without blanks off `rest`.
std::string_view take_part(std::string_view& rest, bool& is_quoted) {
  is_quoted = rest.front() == '"';
  if (is_quoted) rest.remove_prefix(1);
  auto end = is_quoted ? rest.find('"') : rest.find_first_of(" \t\r\n\"");
  auto part = rest.substr(0, end);
  rest.remove_prefix(part.size());
  if (is_quoted && !rest.empty()) rest.remove_prefix(1);
  return part;
}

}  // namespace

std::vector<Clause> parse_query(std::string_view query) {
  std::vector<Clause> clauses;
  std::size_t left = query_words_max;
  const bool may_go_on = !query.empty() && !blanks.contains(query.back());
  while (true) {
    auto start = query.find_first_not_of(blanks);
    if (start == std::string_view::npos) return clauses;
    query.remove_prefix(start);
    bool is_quoted = false;
    auto part = take_part(query, is_quoted);
    Clause clause;
    each_word(part, [&](const Word& word) {
      if (left == 0) return false;
      --left;
      clause.words.push_back(word.folded);
      return true;
    });
    if (clause.words.empty()) continue;
    clause.is_beginning = query.empty() && !is_quoted && may_go_on && clause.words.back().size() >= beginning_min_bytes;
    clauses.push_back(std::move(clause));
  }
}

std::string to_fts5(const std::vector<Clause>& clauses) { return join(clauses, " AND ", fts5_clause); }

std::string to_tsquery(const std::vector<Clause>& clauses) { return join(clauses, " & ", tsquery_clause); }

}  // namespace answerable::conversations
