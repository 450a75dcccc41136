#include "base/keyed_hash.h"

#include <sodium.h>

#include "base/random.h"

namespace answerable {

static_assert(crypto_shorthash_KEYBYTES == std::tuple_size_v<HashKey>);
static_assert(crypto_shorthash_BYTES == sizeof(std::uint64_t));

HashKey random_hash_key() {
  HashKey key;
  fill_random(key.data(), key.size());
  return key;
}

std::uint64_t keyed_hash(const HashKey& key, std::string_view bytes) {
  std::uint64_t hash = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash), reinterpret_cast<const unsigned char*>(bytes.data()),
                   bytes.size(), key.data());
  return hash;
}

}  // namespace answerable
