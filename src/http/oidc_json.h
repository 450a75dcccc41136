// What an OpenID provider says, read: its description (OpenID Connect Discovery 1.0), its keys (RFC 7517), the answer
// of its token endpoint (RFC 6749) and an ID token (RFC 7515 compact form, RFC 7519). Bytes of strangers: every size is
// bounded, what is not understood is ignored or refused. Pure. Errors of all: unavailable "provider_unreadable".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/id_token.h"
#include "base/result.h"

namespace answerable::http {

inline constexpr std::size_t provider_answer_bytes_max = 256UL << 10;
inline constexpr std::size_t id_token_bytes_max = 64UL << 10;
inline constexpr std::size_t provider_keys_max = 100;

struct ProviderDescription {
  std::string issuer, authorization_endpoint, token_endpoint, keys_url;
  bool tells_issuer = false;  // RFC 9207: every answer names the issuer
};
// Errors also: the issuer that it names is not `issuer`.
Result<ProviderDescription> read_provider(std::string_view body, std::string_view issuer);

// Those that can sign ID tokens for us; others are left out.
Result<std::vector<access::ProviderKey>> read_provider_keys(std::string_view body);

// The ID token. Errors also: unauthenticated "sign_in_refused" with what the provider says.
Result<std::string> read_token_answer(long status, std::string_view body);

struct IdToken {
  std::string algorithm, key_id;
  std::string signed_part, signature;
  access::IdTokenClaims claims;
};
Result<IdToken> read_id_token(std::string_view text);

// OpenID Connect Back-Channel Logout 1.0: a token of the same form, whose events say what it is.
struct LogoutToken {
  IdToken signed_token;  // whose claims are those of `claims`
  access::LogoutClaims claims;
};
Result<LogoutToken> read_logout_token(std::string_view text);

}  // namespace answerable::http
