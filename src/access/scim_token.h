// The token by which a company's directory provisions people here (SCIM 2.0): one a workspace, "scim_" and 32 random
// bytes, shown once, kept as SHA-256. A new one ends the old. It acts as a program with the rights of an administrator
// over people, but no more than who made it may now, and is good for nothing else than /scim/v2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::size_t scim_token_characters = 48;

struct ScimToken {
  ApiKeyId id;
  Time created_at;
  std::optional<Time> last_used_at;  // exact to a minute
};

// Errors of all: denied.
Result<std::optional<ScimToken>> scim_token(store::Session& session, const Actor& by);
struct NewScimToken {
  ScimToken token;
  std::string secret;  // to be shown once
};
Result<NewScimToken> make_scim_token(store::Transaction& tx, const Actor& by);
// Errors: not_found "scim_token_unknown".
Status end_scim_token(store::Transaction& tx, const Actor& by);
// With the API keys of a person who leaves, or whose code somebody else may know. Returns how many there were.
Result<std::int64_t> end_scim_token_of(store::Transaction& tx, WorkspaceId workspace, UserId maker);

// Whose it is. Errors: unauthenticated "scim_token_invalid".
Result<Actor> actor_of_scim_token(store::Session& session, std::string_view secret);
Status note_scim_token_used(store::Transaction& tx, const Actor& actor);

}  // namespace answerable::access
