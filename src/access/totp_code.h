// The six to eight digits that an authenticator shows: HOTP (RFC 4226) over the time (RFC 6238).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/hmac.h"
#include "base/result.h"

namespace answerable::access {

struct TotpParameters {
  HashFunction hash = HashFunction::sha1;
  int digits = 6;     // 6 to 8
  int period_s = 30;  // 1 to 3,600
};

// `key` are the bytes of the secret. Errors: invalid "totp_parameters" (a digit count, period or time before 1970 that
// is out of range).
Result<std::string> totp_code(std::string_view key, const TotpParameters& parameters, std::int64_t unix_s);

}  // namespace answerable::access
