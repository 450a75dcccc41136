// Whether an id that was not found exists in another workspace. Ids cannot be guessed, so whoever asks for one has it
// from somewhere.
#pragma once

#include <string_view>

#include "http/context.h"
#include "net/http.h"

namespace answerable::http {

inline constexpr std::size_t workspaces_looked_into_max = 500;  // the first so many, by name

// For routes whose pattern begins with a thing and its {id}: conversations, messages, contacts, attachments, users,
// channels. Reads the database: not for the event loop.
Result<bool> exists_elsewhere(ApiContext& api, const net::Request& request, WorkspaceId asking);

}  // namespace answerable::http
