// What a person typed, understood: clauses that must all hold. Any input is valid. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::conversations {

struct Clause {
  std::vector<std::string> words;  // folded; several: a phrase, in this order
  bool is_beginning = false;       // the last word may go on
};

// Words beyond query_words_max are ignored. The last word, unless it is quoted or followed by a blank, may go on.
std::vector<Clause> parse_query(std::string_view query);
// In the syntax of FTS5 and of PostgreSQL's tsquery; the words hold nothing but letters and digits, and are quoted all
// the same.
std::string to_fts5(const std::vector<Clause>& clauses);
std::string to_tsquery(const std::vector<Clause>& clauses);

}  // namespace answerable::conversations
