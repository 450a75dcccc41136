// How far two words are from each other (Levenshtein): for "did you mean …?". Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace answerable {

// How many bytes must be put in, taken out or replaced. Takes time by the product of the lengths: bound what strangers
// send before.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace answerable
