// People: an account belongs to one workspace; the operator's account to none (the nil workspace). All functions that
// change something append their ledger entry and, in a workspace, the event user_changed. Hash passwords before the
// transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::size_t person_name_bytes_max = 200;
inline constexpr std::size_t mail_address_bytes_max = 254;  // RFC 5321 section 4.5.3.1.3, less the brackets
inline constexpr std::int64_t users_per_workspace_max = 10'000;

struct User {
  UserId id;
  WorkspaceId workspace;
  std::string name, email;
  Role role = Role::agent;
  RoleId composed = {};  // not nil: what counts is this role, and `role` is agent
  bool is_active = true;
  bool must_change_password = false;
  bool has_password = true;  // false: invited, and has not chosen one yet
  bool has_second_factor = false;
  std::string language;  // "en", "fr"
  std::string theme;     // "system", "light", "dark", "contrast"
  bool has_shortcuts = true;
  Time created_at;
  std::optional<Time> last_seen_at;
};

struct NewUser {
  WorkspaceId workspace;  // nil for the operator
  std::string name, email;
  Role role = Role::agent;
  RoleId composed = {};       // in place of `role`
  std::string password_hash;  // of hash_password(); empty: nobody signs in before the person has chosen one
  bool must_change_password = true;
  std::string language = "en";
};

// Errors: denied (also "beyond_your_role": roles.h), invalid "name_invalid" / "email_invalid" / "role_invalid",
// not_found "role_unknown", conflict "email_taken" / "email_unavailable" (user_row.h), limited "too_many_users".
Result<User> create_user(store::Transaction& tx, const Actor& by, const NewUser& user);
// Of a workspace that has nobody yet; by the operator or the system. The same errors, conflict "has_people".
Result<User> create_first_administrator(store::Transaction& tx, const Actor& by, const NewUser& user);

struct UserChange {
  std::optional<std::string> name;
  std::optional<Role> role = {};        // a built-in one, in place of a composed one
  std::optional<RoleId> composed = {};  // a composed one, in place of a built-in one
  std::optional<bool> is_active = {};   // false ends all sessions
};
// Refuses to take the last active administrator away: conflict "last_administrator".
Result<User> update_user(store::Transaction& tx, const Actor& by, UserId user, const UserChange& change);

struct OwnChange {
  std::optional<std::string> name, language, theme;
  std::optional<bool> has_shortcuts;
};
Result<User> update_me(store::Transaction& tx, const Actor& me, const OwnChange& change);

struct NewPassword {
  UserId user;
  std::string hash;
  bool must_change = false;               // a temporary one
  std::optional<SessionId> keep_session;  // all other sessions end
  bool needs_second_factor = false;       // too short to stand alone (password_rules.h)
};
// For oneself ("me", "change_password"), or by an administrator ("user", "reset_password"), or the system (command
// line).
Status set_password(store::Transaction& tx, const Actor& by, const NewPassword& password);

// Part of other acts: no entry of its own. Ends the other sessions, all devices, and all links that let one choose a
// password.
Status replace_password(store::Transaction& tx, const User& user, const NewPassword& password);

Result<std::optional<User>> find_user(store::Session& session, WorkspaceId workspace, UserId id);
Result<std::optional<User>> find_user_by_email(store::Session& session, std::string_view email);
// All people of a workspace, by name. At most users_per_workspace_max.
Result<std::vector<User>> users(store::Session& session, WorkspaceId workspace);
// Empty when there is no such user.
Result<std::string> load_password_hash(store::Session& session, WorkspaceId workspace, UserId id);

// The form in which addresses are compared: ASCII letters lowered, blanks around dropped.
std::string email_key(std::string_view email);
// One @ with something on both sides, a host that can be one, no blanks or control characters, length within bounds.
bool is_mail_address(std::string_view text);

}  // namespace answerable::access
