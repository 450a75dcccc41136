// ID tokens of OpenID Connect (Core 1.0, sections 2 and 3.1.3.7), judged: the signature by one of the provider's keys
// (RFC 7518: RS256 or ES256, nothing else, and never "none"), and whether the token is for us, of now, and of this
// sign-in. JSON is read by http. Bytes in, decision out: no I/O, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace answerable::access {

inline constexpr std::size_t subject_bytes_max = 255;          // section 2: of ASCII characters
inline constexpr std::int64_t provider_clock_off_ms = 60'000;  // so far may the provider's clock be from ours
inline constexpr std::int64_t id_token_old_ms = 10 * 60'000;   // one that was made longer ago is not of this sign-in
inline constexpr std::size_t rsa_bytes_min = 256;              // 2,048 bits
inline constexpr std::size_t rsa_bytes_max = 1'024;

// Of a JWK (RFC 7517); numbers as big-endian bytes.
struct ProviderKey {
  std::string id, algorithm;      // "RS256", "ES256"
  std::string modulus, exponent;  // RS256
  std::string x, y;               // ES256: 32 bytes each
};
// False also for a key that is too short, or malformed.
bool is_signed_by(const ProviderKey& key, std::string_view signed_part, std::string_view signature);

struct IdTokenClaims {
  std::string issuer, subject, nonce, authorized_party, email;
  std::string session;  // "sid": of the session at the provider, which may end before ours
  std::vector<std::string> audience;
  std::vector<std::string> assurance;        // "acr" and "amr": how it was shown there who it is
  std::int64_t expires_s = 0, issued_s = 0;  // since 1970
  bool is_email_verified = false;            // said so by the provider, as true and nothing else
};

struct ExpectedIdToken {
  std::string_view issuer, client_id, nonce;
  Time now;
  std::vector<std::string> assurance = {};  // one of them is asked for; none: whatever it is
};
// Errors: unauthenticated "sign_in_refused" with what is wrong, "sign_on_too_weak".
Status judge_id_token(const IdTokenClaims& claims, const ExpectedIdToken& expected);

// What a provider says when somebody's session there is over (OpenID Connect Back-Channel Logout 1.0, section 2.4).
struct LogoutClaims {
  IdTokenClaims token;     // the claims that it shares with an ID token
  std::string id;          // "jti"
  bool is_logout = false;  // its events say so
  bool has_nonce = false;  // then it is an ID token, whatever else it says
};
// The same errors.
Status judge_logout(const LogoutClaims& claims, std::string_view issuer, std::string_view client_id, Time now);

}  // namespace answerable::access
