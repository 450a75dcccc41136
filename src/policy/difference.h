// What changed between two versions of the policy, for people to read: clause by clause, word by word. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/clause.h"

namespace answerable::policy {

enum class Change : std::uint8_t { same, removed, added };

struct Piece {
  Change change = Change::same;
  std::string text;
  bool operator==(const Piece&) const = default;
};

// The pieces that are same or removed, joined, are `before`; those that are same or added are `after`. Compared by
// words; when both together have more than 4,000, the texts count as one piece each.
std::vector<Piece> difference(std::string_view before, std::string_view after);

struct RuleDifference {
  std::string name, before, after;  // empty: it was not, or is no more
};

struct ClauseDifference {
  enum class Kind : std::uint8_t { same, changed, added, removed } kind = Kind::same;
  std::string id;
  std::vector<Piece> title, body;  // in the language asked for
  std::vector<RuleDifference> rules;
};

// In the order of `after`, then those that were removed.
std::vector<ClauseDifference> difference(const std::vector<Clause>& before, const std::vector<Clause>& after,
                                         std::string_view language);

}  // namespace answerable::policy
