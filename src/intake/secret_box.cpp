#include "intake/secret_box.h"

#include <sodium.h>

#include "base/ensure.h"
#include "base/random.h"

namespace answerable::intake {

namespace {

void put_text(std::string& out, std::string_view text) {
  auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((size >> shift) & 0xFF);
  out += text;
}

bool take_text(std::string_view& in, std::string& text) {
  if (in.size() < 4) return false;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size |= static_cast<std::size_t>(static_cast<unsigned char>(in[i])) << (8 * i);
  in.remove_prefix(4);
  if (in.size() < size) return false;
  text = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

}  // namespace

std::string seal_secrets(std::string_view key, ChannelId channel, const Secrets& secrets) {
  ensure(key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key for channel secrets has 32 bytes");
  if (secrets.empty()) return {};
  std::string plain;
  for (const auto& [name, value] : secrets) {
    put_text(plain, name);
    put_text(plain, value);
  }
  std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
  fill_random(sealed.data(), nonce_bytes);
  auto context = channel.bytes();
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + nonce_bytes, nullptr, bytes_of(plain), plain.size(),
                                             bytes_of(context), context.size(), nullptr, bytes_of(sealed),
                                             bytes_of(key));
  sodium_memzero(plain.data(), plain.size());
  return sealed;
}

Result<Secrets> open_secrets(std::string_view key, ChannelId channel, std::string_view sealed) {
  ensure(key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key for channel secrets has 32 bytes");
  Secrets secrets;
  if (sealed.empty()) return secrets;
  auto unreadable = [] {
    return fail(ErrorKind::internal, "secrets_unreadable",
                "The channel's passwords cannot be decrypted with this installation's key: enter them again.");
  };
  if (sealed.size() < nonce_bytes + tag_bytes) return unreadable();
  std::string plain(sealed.size() - nonce_bytes - tag_bytes, '\0');
  auto context = channel.bytes();
  auto rest = sealed.substr(nonce_bytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(plain), nullptr, nullptr, bytes_of(rest), rest.size(),
                                                 bytes_of(context), context.size(), bytes_of(sealed),
                                                 bytes_of(key)) != 0)
    return unreadable();
  std::string_view in = plain;
  while (!in.empty()) {
    std::string name;
    std::string value;
    if (!take_text(in, name) || !take_text(in, value)) return unreadable();
    secrets.emplace_back(std::move(name), std::move(value));
  }
  return secrets;
}

}  // namespace answerable::intake
