// How a channel comes to its refresh token: an administrator's browser goes to the provider and comes back with a code
// (RFC 6749 section 4.1), which is good only with what we kept when it left (state, and the verifier of RFC 7636).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "channels/oauth/token_endpoint.h"
#include "intake/channel_directory.h"
#include "store/database.h"

namespace answerable::channels {

inline constexpr std::int64_t authorisation_ms_max = 15 * 60'000;  // from leaving to coming back

struct AuthorisationParts {  // all outlive what uses them
  store::Database& database;
  intake::ChannelDirectory& channels;
  std::string redirect_url;  // of ours; what the provider has on record for the client
  TokenEndpointOptions endpoint = {};
};

// Where the browser has to go. One at a time for each person and channel: a new one ends the one before. Errors:
// denied; not_found "channel_not_found", invalid "mail_settings" / "oauth_not_set".
Result<std::string> begin_authorisation(const AuthorisationParts& parts, const access::Actor& actor, ChannelId channel);

struct BroughtBack {
  std::string_view state, code;
  std::string_view issuer = {};  // who answered (RFC 9207), where the provider says so
};

// What the browser brought back. Asks the provider; then the channel has its refresh token and is tried at once.
// Blocks. Errors: denied; invalid "authorisation_unknown" (not begun by this person, used, too old, or the client is
// another since), "authorisation_refused" with what the provider says, "no_refresh_token"; unavailable
// "oauth_unavailable".
Result<intake::Channel> finish_authorisation(const AuthorisationParts& parts, const access::Actor& actor,
                                             const BroughtBack& brought);

// Whether an answer of this issuer can be one of the server that was asked: they are of one host, or one is below the
// other. So a code of an honest provider does not go to another one's token endpoint (RFC 9207). Pure.
bool may_answer_for(std::string_view issuer, std::string_view asked_url);

}  // namespace answerable::channels
