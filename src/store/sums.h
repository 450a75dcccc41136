// Statistics that many jobs add to and nobody reads in a transaction: summed over the jobs of a commit group that
// succeed, written once before the commit.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "store/session.h"

namespace answerable::store {

using Amounts = std::array<std::int64_t, 6>;
// Gets no job's transaction, but the group's: what it captures, it holds by value. When it fails, the group does.
using WriteAmounts = std::function<Status(Transaction&, const Amounts&)>;

// In a job of the writer only. Those that name the same `row` (its table and key) are added to each other, and the
// `write` of the last of them is called with the sum.
void add_up(std::string row, const Amounts& amounts, WriteAmounts write);

}  // namespace answerable::store
