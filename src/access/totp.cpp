#include "access/totp.h"

#include <fmt/format.h>

#include <string>

#include "base/base32.h"
#include "base/digest.h"
#include "base/random.h"

namespace answerable::access {
namespace {

constexpr std::int64_t period_s = TotpParameters{}.period_s;

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

Result<std::string> totp_code(std::string_view key, const TotpParameters& parameters, std::int64_t unix_s) {
  if (parameters.digits < 6 || parameters.digits > 8 || parameters.period_s < 1 || parameters.period_s > 3'600 ||
      unix_s < 0) {
    return fail(ErrorKind::invalid, "totp_parameters",
                "A code has 6 to 8 digits, a period of 1 to 3,600 seconds and a time since 1970.");
  }
  auto counter = static_cast<std::uint64_t>(unix_s / parameters.period_s);
  std::string message(8, '\0');
  for (std::size_t i = 8; i-- > 0; counter >>= 8) message[i] = static_cast<char>(counter & 0xff);
  auto digest = hmac(parameters.hash, key, message);
  auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(digest[i])); };
  auto at = byte(digest.size() - 1) & 0xf;
  auto number = (byte(at) & 0x7f) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
  std::uint32_t modulus = 1;
  for (int i = 0; i < parameters.digits; ++i) modulus *= 10;
  return fmt::format("{:0{}}", number % modulus, parameters.digits);
}

std::optional<std::int64_t> match_totp(std::string_view secret, std::string_view code, Time now,
                                       std::int64_t last_step) {
  const auto current = now.ms / 1'000 / period_s;
  std::optional<std::int64_t> found;
  for (auto step = current - totp_drift_steps; step <= current + totp_drift_steps; ++step) {
    // All are compared, whichever is right.
    if (equal_in_constant_time(totp_code(secret, {}, step * period_s).value_or(""), code) && step > last_step && !found)
      found = step;
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

}  // namespace answerable::access
