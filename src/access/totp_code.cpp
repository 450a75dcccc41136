#include "access/totp_code.h"

#include <fmt/format.h>

namespace answerable::access {

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

}  // namespace answerable::access
