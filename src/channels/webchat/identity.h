// The signed identity of a visitor: a JWT (RFC 7519) signed with HS256 by the company's own server. The algorithm is
// fixed, so there is nothing to confuse; the life is at most an hour. `aud`, where it is there, must name the channel:
// a company that signs for several places with one secret says by it which one is meant.
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

// What a channel trusts: its id in text form, and its secret.
struct Audience {
  std::string_view channel, secret;
};

// Errors: unauthenticated "identity_invalid", "identity_expired", "identity_too_long", "identity_elsewhere".
Result<Identity> verify_identity(std::string_view jwt, const Audience& audience, Time now);

}  // namespace answerable::channels::webchat
