// What is said to a token endpoint and what it says (RFC 6749 sections 4.1.3, 5 and 6, RFC 7636). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "channels/oauth/provider.h"

namespace answerable::channels {

inline constexpr std::size_t token_answer_bytes_max = 64UL << 10;
inline constexpr std::size_t token_bytes_max = 16UL << 10;
inline constexpr std::int64_t unknown_lifetime_ms = 15 * 60'000;  // of a token whose end is not told
inline constexpr std::int64_t lifetime_ms_max = 24 * 3'600'000;   // believed; then it is refreshed

struct Tokens {
  std::string access_token;
  std::int64_t lifetime_ms = unknown_lifetime_ms;
  std::string refresh_token;  // empty: the one that was used stays good
};

// Forms for a POST. The client's secret goes with them (client_secret_post, which all providers take) when there is
// one.
std::string refresh_form(const OAuthClient& client, std::string_view client_secret, std::string_view refresh_token);
struct AuthorisationCode {
  std::string_view code, verifier, redirect_url;
};
std::string code_form(const OAuthClient& client, std::string_view client_secret, const AuthorisationCode& code);

// Errors: unauthenticated "oauth_refused" when only a person can help (the grant was revoked or ran out, the client is
// not known there any more); unavailable "oauth_unavailable" for all else.
Result<Tokens> read_token_answer(long status, std::string_view body);

// The verifier's hash, as the authorisation carries it (S256).
std::string code_challenge(std::string_view verifier);

// What a provider said of an error, or a person's browser brought back: printable and short.
std::string explain_oauth_error(std::string_view code, std::string_view description);

}  // namespace answerable::channels
