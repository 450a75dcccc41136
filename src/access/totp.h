// Time-based one-time passwords (RFC 6238 over RFC 4226).
// Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hmac.h"
#include "base/result.h"

namespace answerable::access {

struct TotpParameters {
  HashFunction hash = HashFunction::sha1;  // what every app understands
  int digits = 6;                          // 6 to 8
  int period_s = 30;                       // 1 to 3,600
};

inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226 section 4, R6: as long as the hash
inline constexpr std::int64_t totp_drift_steps = 1;   // before and after: a clock that is wrong by up to half a minute

// The code of the time, with leading zeros. Errors: invalid "totp_parameters" (a digit count, a period or a time before
// 1970 that is out of range).
Result<std::string> totp_code(std::string_view secret, const TotpParameters& parameters, std::int64_t unix_s);
// The step for which the code is right, if it lies within the drift and after `last_step`: a code is good once.
std::optional<std::int64_t> match_totp(std::string_view secret, std::string_view code, Time now,
                                       std::int64_t last_step);

std::string make_totp_secret();
// What a QR code for an app holds (otpauth, Key URI Format).
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace answerable::access
