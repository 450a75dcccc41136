// Whether two texts are almost the same: a 64-bit fingerprint of their words and pairs of words (SimHash). Another name
// in the greeting moves few of its bits, another text about half of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace answerable::policy {

inline constexpr int identical_words_min = 12;     // a shorter text ("thank you, it is on its way") is said to many
inline constexpr int identical_distance_max = 14;  // bits: about three quarters the same; nothing in common: 32 ± 4
inline constexpr std::size_t identical_bytes_max = 64UL << 10;  // of a text, that count

// Nothing for a text of fewer words.
std::optional<std::uint64_t> fingerprint_of(std::string_view text);
bool is_near(std::uint64_t a, std::uint64_t b);

}  // namespace answerable::policy
