#include "channels/oauth/token_endpoint.h"

#include "net/fetch.h"

namespace answerable::channels {

Result<Tokens> ask_for_tokens(const OAuthClient& client, const std::string& form, const TokenEndpointOptions& options) {
  const auto answer = net::exchange(
      {.url = client.token_url,
       .accept = "application/json",
       .may_reach = [&](const net::IpAddress& address) { return check_reach(address, options.reach); },
       .limits = {.bytes_max = token_answer_bytes_max, .timeout_ms = options.timeout_ms, .redirects_max = 0},
       .form = form,
       .ca_file = options.ca_file});
  if (answer) return read_token_answer(answer->status, answer->body);
  if (answer.error().kind == ErrorKind::denied)
    return fail(ErrorKind::denied, "server_address_refused", answer.error().detail);
  return fail(ErrorKind::unavailable, "oauth_unavailable",
              "The provider's token endpoint does not answer: " + answer.error().detail);
}

}  // namespace answerable::channels
