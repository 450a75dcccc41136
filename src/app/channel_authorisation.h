// What the API offers to sign a mailbox in by OAuth 2.0 (docs/decisions/0022): the providers, and the two steps.
#pragma once

#include <string>

#include "channels/oauth/token_endpoint.h"
#include "http/api.h"
#include "intake/channel_directory.h"
#include "store/database.h"

namespace answerable::app {

// `database` and `directory` outlive what is returned.
http::ChannelAuthorisation channel_authorisation(store::Database& database, intake::ChannelDirectory& directory,
                                                 const std::string& public_url,
                                                 const channels::TokenEndpointOptions& endpoint);

}  // namespace answerable::app
