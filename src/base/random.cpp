#include "base/random.h"

#include <sodium.h>

#include "base/encoding.h"
#include "base/ensure.h"

namespace answerable {

void fill_random(void* out, std::size_t bytes) {
  static const bool ready = sodium_init() >= 0;
  ensure(ready, "libsodium starts");
  randombytes_buf(out, bytes);
}

std::uint32_t random_below(std::uint32_t bound) {
  ensure(bound > 0, "random_below needs a positive bound");
  std::uint32_t ignored = 0;
  fill_random(&ignored, 1);
  return randombytes_uniform(bound);
}

std::string random_token(std::size_t bytes) {
  std::string raw(bytes, '\0');
  fill_random(raw.data(), raw.size());
  return to_base64url(raw);
}

}  // namespace answerable
