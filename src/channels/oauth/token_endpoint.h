// Asks a provider for tokens. The address is an administrator's wish: it is judged as that of a mail server is.
#pragma once

#include <string>

#include "channels/email/server_address.h"
#include "channels/oauth/token_request.h"

namespace answerable::channels {

struct TokenEndpointOptions {
  Reach reach = Reach::internet;
  std::string ca_file = {};  // further trusted roots (PEM)
  std::int64_t timeout_ms = 10'000;
};

// Blocks. No redirect is followed. Errors: those of read_token_answer(), denied "server_address_refused".
Result<Tokens> ask_for_tokens(const OAuthClient& client, const std::string& form, const TokenEndpointOptions& options);

}  // namespace answerable::channels
