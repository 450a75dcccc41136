#include "audit/signed_note.h"

#include <sodium.h>

#include <charconv>

#include "base/encoding.h"
#include "base/ensure.h"

namespace answerable::audit {

namespace {
std::string_view view(const auto& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
}  // namespace

std::string signature_line(const SigningKey& key, std::string_view name, std::string_view body) {
  std::string bytes(view(key_hash(name, key.public_key().key)));
  bytes += view(key.sign(body));
  return std::string(signature_mark) + std::string(name) + " " + to_base64(bytes) + "\n";
}

Signature judge_signature(const PublicKey& key, std::string_view name, std::string_view body, std::string_view line) {
  line.remove_prefix(signature_mark.size());
  if (!line.starts_with(name) || line.substr(name.size(), 1) != " ") return Signature::of_another;
  auto bytes = from_base64(line.substr(name.size() + 1));
  if (!bytes) return Signature::bad;
  if (bytes->substr(0, 4) != view(key_hash(name, key.key))) return Signature::of_another;
  if (bytes->size() != 4 + crypto_sign_BYTES) return Signature::bad;
  ensure(sodium_init() >= 0, "libsodium");
  return crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(bytes->data() + 4),
                                     reinterpret_cast<const unsigned char*>(body.data()), body.size(),
                                     key.key.data()) == 0
             ? Signature::good
             : Signature::bad;
}

std::optional<std::string_view> take_line(std::string_view& rest) {
  auto end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (std::to_string(number) != text) return std::nullopt;
  return number;
}

}  // namespace answerable::audit
