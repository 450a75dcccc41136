// A policy as plain text, the form in which it is stored, hashed and shipped: a line "@clause ID" begins a clause, then
// come "@class N", "@rule NAME = VALUE" and "@text LANGUAGE TITLE", after which the lines up to the next @ are the
// text. A line of the text that begins with @ is written with @@.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/clause.h"

namespace answerable::policy {

inline constexpr std::size_t document_bytes_max = 1UL << 20;

// What encode_document() made is read back the same. Errors: invalid "bad_policy" with the line; those of
// check_clauses().
Result<std::vector<Clause>> parse_document(std::string_view text);
// `clauses` must have passed check_clauses().
std::string encode_document(const std::vector<Clause>& clauses);
// The policy that an installation starts with: default_policy.txt.
std::string_view default_document();

}  // namespace answerable::policy
