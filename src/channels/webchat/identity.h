// The signed identity of a visitor: a JWT (RFC 7519) signed with HS256 by the company's own server. The algorithm is
// fixed, so there is nothing to confuse; the life is at most an hour.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace answerable::channels::webchat {

struct Identity {
  std::string subject;  // the company's own name for the person, 1 to 200 bytes
  std::string name, email;
};

// Errors: unauthenticated "identity_invalid", "identity_expired", "identity_too_long".
Result<Identity> verify_identity(std::string_view jwt, std::string_view secret, Time now);

}  // namespace answerable::channels::webchat
