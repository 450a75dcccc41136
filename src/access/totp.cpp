#include "access/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>

#include "base/digest.h"
#include "base/ensure.h"
#include "base/random.h"

namespace answerable::access {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr int bits_per_character = 5;

const EVP_MD* digest_of(TotpAlgorithm algorithm) {
  switch (algorithm) {
    case TotpAlgorithm::sha1: return EVP_sha1();
    case TotpAlgorithm::sha256: return EVP_sha256();
    case TotpAlgorithm::sha512: return EVP_sha512();
  }
  return EVP_sha1();
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'%', hex[byte >> 4], hex[byte & 15]});
  }
  return out;
}

}  // namespace

std::optional<TotpAlgorithm> parse_totp_algorithm(std::string_view text) {
  if (text == "SHA1") return TotpAlgorithm::sha1;
  if (text == "SHA256") return TotpAlgorithm::sha256;
  if (text == "SHA512") return TotpAlgorithm::sha512;
  return std::nullopt;
}

std::string totp_code(std::string_view secret, std::int64_t step, const TotpForm& form) {
  ensure(form.digits >= 1 && form.digits <= 9, "a code has 1 to 9 digits");
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[counter.size() - 1 - i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * i));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  const auto* made = HMAC(digest_of(form.algorithm), secret.data(), static_cast<int>(secret.size()), counter.data(),
                          counter.size(), mac.data(), &size);
  ensure(made != nullptr && size >= 20, "HMAC is there");
  const std::size_t at = mac[size - 1] & 0x0F;  // RFC 4226 section 5.3
  const auto number = (static_cast<std::uint32_t>(mac[at] & 0x7F) << 24) |
                      (static_cast<std::uint32_t>(mac[at + 1]) << 16) | (static_cast<std::uint32_t>(mac[at + 2]) << 8) |
                      static_cast<std::uint32_t>(mac[at + 3]);
  std::uint32_t modulus = 1;
  for (int i = 0; i < form.digits; ++i) modulus *= 10;
  auto digits = std::to_string(number % modulus);
  return std::string(static_cast<std::size_t>(form.digits) - digits.size(), '0') + digits;
}

std::optional<std::int64_t> match_totp(std::string_view secret, std::string_view code, Time now,
                                       std::int64_t last_step) {
  const auto current = now.ms / (TotpForm{}.period_s * 1'000);
  std::optional<std::int64_t> found;
  for (auto step = current - totp_drift_steps; step <= current + totp_drift_steps; ++step) {
    // All are compared, whichever is right.
    if (equal_in_constant_time(totp_code(secret, step), code) && step > last_step && !found) found = step;
  }
  return found;
}

std::string make_totp_secret() {
  std::string secret(totp_secret_bytes, '\0');
  fill_random(secret.data(), secret.size());
  return secret;
}

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account) {
  const auto by = percent_encoded(issuer);
  return "otpauth://totp/" + by + ":" + percent_encoded(account) + "?secret=" + to_base32(secret) + "&issuer=" + by;
}

std::string to_base32(std::string_view bytes) {
  std::string text;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    bits += 8;
    for (; bits >= bits_per_character; bits -= bits_per_character)
      text.push_back(alphabet[(held >> (bits - bits_per_character)) & 31]);
  }
  if (bits > 0) text.push_back(alphabet[(held << (bits_per_character - bits)) & 31]);
  return text;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string bytes;
  std::uint32_t held = 0;
  int bits = 0;
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  for (char c : text) {
    if (c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    held = (held << bits_per_character) | static_cast<std::uint32_t>(value);
    bits += bits_per_character;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>((held >> bits) & 0xFF));
  }
  // What is left over is part of no byte: less than a character, and nothing but zeros.
  if (bits >= bits_per_character || (held & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace answerable::access
