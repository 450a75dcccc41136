#include "store/sealed_bytes.h"

#include <sodium.h>

#include <algorithm>

#include "base/ensure.h"

namespace answerable::store {
namespace {

constexpr std::string_view mark = "ABLOB1\n";  // the first bytes of every file
constexpr std::size_t chunk = 64U << 10;
constexpr std::size_t overhead = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t header_size = crypto_secretstream_xchacha20poly1305_HEADERBYTES;

unsigned char* raw(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const char* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }

// An empty blob has one chunk too: the last one must be there.
std::size_t chunks_of(std::size_t plain) { return std::max<std::size_t>(1, (plain + chunk - 1) / chunk); }

}  // namespace

std::size_t sealed_size(std::size_t plain) { return mark.size() + header_size + plain + chunks_of(plain) * overhead; }

std::string seal_bytes(std::string_view key, std::string_view context, std::string_view plain) {
  ensure(sodium_init() >= 0 && key.size() == crypto_secretstream_xchacha20poly1305_KEYBYTES, "a blob key has 32 bytes");
  std::string sealed(sealed_size(plain.size()), '\0');
  std::ranges::copy(mark, sealed.begin());
  auto* out = sealed.data() + mark.size();
  crypto_secretstream_xchacha20poly1305_state state;
  crypto_secretstream_xchacha20poly1305_init_push(&state, raw(out), raw(key.data()));
  out += header_size;
  for (auto left = chunks_of(plain.size()); left > 0; --left) {
    auto part = plain.substr(0, chunk);
    plain.remove_prefix(part.size());
    auto tag =
        left == 1 ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    crypto_secretstream_xchacha20poly1305_push(&state, raw(out), nullptr, raw(part.data()), part.size(),
                                               raw(context.data()), context.size(), static_cast<unsigned char>(tag));
    out += part.size() + overhead;
  }
  sodium_memzero(&state, sizeof state);
  return sealed;
}

std::optional<std::string> open_bytes(std::string_view key, std::string_view context, std::string_view sealed) {
  ensure(sodium_init() >= 0 && key.size() == crypto_secretstream_xchacha20poly1305_KEYBYTES, "a blob key has 32 bytes");
  if (!sealed.starts_with(mark) || sealed.size() < sealed_size(0)) return std::nullopt;
  sealed.remove_prefix(mark.size());
  crypto_secretstream_xchacha20poly1305_state state;
  if (crypto_secretstream_xchacha20poly1305_init_pull(&state, raw(sealed.data()), raw(key.data())) != 0)
    return std::nullopt;
  sealed.remove_prefix(header_size);
  std::string plain(sealed.size(), '\0');
  std::size_t filled = 0;
  unsigned char tag = 0;
  while (!sealed.empty()) {
    auto part = sealed.substr(0, chunk + overhead);
    sealed.remove_prefix(part.size());
    unsigned long long got = 0;
    if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL || part.size() < overhead) return std::nullopt;
    if (crypto_secretstream_xchacha20poly1305_pull(&state, raw(plain.data() + filled), &got, &tag, raw(part.data()),
                                                   part.size(), raw(context.data()), context.size()) != 0)
      return std::nullopt;
    filled += got;
  }
  sodium_memzero(&state, sizeof state);
  if (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) return std::nullopt;
  plain.resize(filled);
  return plain;
}

}  // namespace answerable::store
