// API keys: how programs of a workspace authenticate. "ak_", 32 random bytes and a checksum, so that a leaked key can
// be recognised by scanners and a mistyped one costs no look-up. Shown once; kept as SHA-256. A key acts as itself, and
// works only while its application is approved (application.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/application.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::size_t api_key_name_bytes_max = 120;
inline constexpr std::int64_t api_keys_per_workspace_max = 200;  // not counting revoked ones

struct ApiKey {
  ApiKeyId id;
  std::string name;
  std::string prefix;  // the first characters, to tell keys apart
  bool may_write = false;
  Role role = Role::agent;
  Time created_at;
  std::optional<Time> expires_at, last_used_at;
  ApplicationId application;
  RoleId composed = {};  // not nil: what counts is this role, and `role` is agent
};

struct NewApiKey {
  std::string name;
  bool may_write = false;
  Role role = Role::agent;  // at most the creator's; never operator
  std::optional<Time> expires_at;
  ApplicationId application = {};  // nil: it gets one of its own, by its name
  bool is_approved = true;         // that one: administrators approve here
  RoleId composed = {};            // in place of `role`; all that it gives, the creator has
};

struct CreatedApiKey {
  ApiKey key;
  std::string secret;  // to be shown once
};

// Errors: denied, invalid "name_invalid" / "role_invalid" / "expiry_in_past" / "scope_beyond_application", not_found
// "role_unknown", "application_unknown", conflict "application_over", limited "too_many_api_keys",
// "too_many_applications".
Result<CreatedApiKey> create_api_key(store::Transaction& tx, const Actor& by, const NewApiKey& given);
// Whose the keys are that this actor makes: what a key makes belongs to the person who made that one, and ends with
// theirs. Nil: nobody's.
Result<UserId> maker_of(store::Session& session, const Actor& by);
// Ends what the person has made, the directory's token (scim_token.h) as well; returns how many there were. Whoever
// calls it tells the nodes (ended.h).
Result<std::int64_t> end_keys_of(store::Transaction& tx, WorkspaceId workspace, UserId maker);
// Errors: denied, not_found "api_key_unknown". A revoked key is refused within a second on every node.
Status revoke_api_key(store::Transaction& tx, const Actor& by, ApiKeyId id);
// Those that are not revoked, newest first.
Result<std::vector<ApiKey>> api_keys(store::Session& session, const Actor& by);

// Whose key this is or was, whether it holds or not: for whoever looks into its use. Nothing for any other text.
struct KeyOwner {
  WorkspaceId workspace;
  ApiKeyId id;
  ApplicationId application;
  std::string name, prefix, application_name;
};
Result<std::optional<KeyOwner>> find_key_owner(store::Session& session, std::string_view secret);

// Whether it can be a key at all: form and checksum. Pure.
bool is_api_key_form(std::string_view secret);

}  // namespace answerable::access
