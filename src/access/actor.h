// Who acts, in which workspace, with which role. Made only by signing in, by an API key, or by the system itself.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audit/ledger.h"
#include "base/id.h"

namespace answerable::access {

// Ordered: each includes what the former may do. The operator runs the installation and has no rights over
// conversations.
enum class Role : std::uint8_t { agent, supervisor, administrator, operator_ };

std::string_view to_string(Role role);  // "agent", "supervisor", "administrator", "operator"
std::optional<Role> parse_role(std::string_view text);

using RoleId = Id<struct RoleTag>;
struct ComposedRole;  // composed_role.h

struct Actor {
  enum class Kind : std::uint8_t { user, api_key, system };
  Kind kind = Kind::system;
  WorkspaceId workspace;
  Role role = Role::agent;
  UserId user;                          // nil unless a user (an API key acts as itself, not as its owner)
  ApiKeyId api_key;                     // nil unless an API key
  SessionId session;                    // nil unless signed in with a password
  bool may_write = true;                // false for an API key with scope "read" only
  bool must_change_password = false;    // somebody else knows it: until it is changed nothing else is allowed
  bool must_set_second_factor = false;  // the role must have one: until it is set up nothing else is allowed
  bool is_confirmed = true;             // has shown who it is within the last confirmed_ms; always true of programs
  std::string name;                     // for display; personal data, never in the ledger
  // A role that the workspace composed. Then `role` is agent, and what it allows does not count.
  std::shared_ptr<const ComposedRole> composed = nullptr;

  audit::Actor for_ledger() const;
  std::string_view kind_name() const;  // "user", "api_key", "system"
  std::string id_text() const;
  bool sees_only_assigned() const;  // only conversations that are assigned to this person
  bool hides_personal() const;      // not customers' addresses and other personal fields, but their names
};

Actor system_actor(WorkspaceId workspace);

}  // namespace answerable::access
