// A short keyed hash (SipHash-2-4, Aumasson and Bernstein 2012): without the key nobody can tell which inputs collide.
// For tables of strangers' keys; not for signatures.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace answerable {

using HashKey = std::array<unsigned char, 16>;

HashKey random_hash_key();
std::uint64_t keyed_hash(const HashKey& key, std::string_view bytes);

}  // namespace answerable
