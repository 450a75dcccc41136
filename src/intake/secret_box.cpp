#include "intake/secret_box.h"

#include <sodium.h>

#include "access/seal.h"

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

}  // namespace

std::string seal_secrets(std::string_view key, ChannelId channel, const Secrets& secrets) {
  if (secrets.empty()) return {};
  std::string plain;
  for (const auto& [name, value] : secrets) {
    put_text(plain, name);
    put_text(plain, value);
  }
  auto sealed = access::seal(key, channel.bytes(), plain);
  sodium_memzero(plain.data(), plain.size());
  return sealed;
}

Result<Secrets> open_secrets(std::string_view key, ChannelId channel, std::string_view sealed) {
  Secrets secrets;
  if (sealed.empty()) return secrets;
  auto unreadable = [] {
    return fail(ErrorKind::internal, "secrets_unreadable",
                "The channel's passwords cannot be decrypted with this installation's key: enter them again.");
  };
  const auto plain = access::unseal(key, channel.bytes(), sealed);
  if (!plain) return unreadable();
  std::string_view in = *plain;
  while (!in.empty()) {
    std::string name;
    std::string value;
    if (!take_text(in, name) || !take_text(in, value)) return unreadable();
    secrets.emplace_back(std::move(name), std::move(value));
  }
  return secrets;
}

}  // namespace answerable::intake
