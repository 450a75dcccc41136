// Time-based one-time passwords (RFC 6238 over RFC 4226), and the base32 (RFC 4648) in which their secrets are shown.
// Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace answerable::access {

enum class TotpAlgorithm : std::uint8_t { sha1, sha256, sha512 };
std::optional<TotpAlgorithm> parse_totp_algorithm(std::string_view text);  // "SHA1", "SHA256", "SHA512"

struct TotpForm {
  TotpAlgorithm algorithm = TotpAlgorithm::sha1;  // what every app understands
  int digits = 6;                                 // 1 to 9
  std::int64_t period_s = 30;                     // from 1
};

inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226 section 4, R6: as long as the hash
inline constexpr std::int64_t totp_drift_steps = 1;   // before and after: a clock that is wrong by up to half a minute

// The code of a step, with leading zeros.
std::string totp_code(std::string_view secret, std::int64_t step, const TotpForm& form = {});
// The step for which the code is right, if it lies within the drift and after `last_step`: a code is good once.
std::optional<std::int64_t> match_totp(std::string_view secret, std::string_view code, Time now,
                                       std::int64_t last_step);

std::string make_totp_secret();
// What a QR code for an app holds (otpauth, Key URI Format).
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account);

std::string to_base32(std::string_view bytes);  // without padding
// Either case, blanks and padding allowed: people type it. Nothing for anything else.
std::optional<std::string> from_base32(std::string_view text);

}  // namespace answerable::access
