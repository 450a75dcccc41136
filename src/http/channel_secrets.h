// What becomes of a channel's secrets when its settings change. Pure.
#pragma once

#include <vector>

#include "http/json_reader.h"
#include "intake/channel.h"

namespace answerable::http {

// A stored password goes to no other server, nor with another sign-in or protection, than it was given for: what
// `change` makes of `now` needs a new one then ("required" in the list), and drops that of a server that is gone or
// that is nobody's account any more. So with the secret of an OAuth client. What a provider has granted is dropped
// without a word: the channel is connected again.
std::vector<FieldError> keep_secrets_home(const intake::Channel& now, const intake::Secrets& stored,
                                          intake::ChannelChange& change);

// Whether a channel with this configuration waits for somebody to connect it to its provider.
bool needs_authorisation(std::string_view config, bool has_refresh_token);

}  // namespace answerable::http
