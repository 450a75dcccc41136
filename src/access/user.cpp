#include "access/user.h"

#include <array>

#include "access/account_link.h"
#include "access/authorize.h"
#include "access/ended.h"
#include "access/provision.h"
#include "access/record.h"
#include "access/revision.h"
#include "access/roles.h"
#include "access/session.h"
#include "access/single_sign_on.h"
#include "access/user_row.h"
#include "access/workspace.h"
#include "base/utf8.h"
#include "cluster/event_log.h"

namespace answerable::access {
namespace {

constexpr std::array<std::string_view, 2> languages{"en", "fr"};
constexpr std::array<std::string_view, 4> themes{"system", "light", "dark", "contrast"};

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& allowed, std::string_view text) {
  for (const auto candidate : allowed) {
    if (candidate == text) return true;
  }
  return false;
}

Status check_name(std::string_view name) {
  if (name.empty() || name.size() > person_name_bytes_max || one_line(name, person_name_bytes_max) != name)
    return fail(ErrorKind::invalid, "name_invalid", "A name is one line of at most 200 bytes.");
  return {};
}

Status check_role(const Actor& by, Role role, WorkspaceId workspace) {
  if ((role == Role::operator_) != workspace.is_nil())
    return fail(ErrorKind::invalid, "role_invalid", "The operator belongs to no workspace, everybody else to one.");
  if (role == Role::operator_ && by.kind != Actor::Kind::system && by.role != Role::operator_)
    return fail(ErrorKind::denied, "not_allowed", "Only the operator makes operators.");
  return {};
}

Status announce(store::Transaction& tx, const Actor& by, WorkspaceId workspace) {
  if (workspace.is_nil()) return {};
  const auto actor_id = by.id_text();
  return cluster::append_event(tx, {.workspace = workspace,
                                    .kind = "user_changed",
                                    .conversation = std::nullopt,
                                    .message = std::nullopt,
                                    .actor_kind = by.kind_name(),
                                    .actor_id = actor_id});
}

// The operator (and the system) act on people of any workspace; everybody else within their own.
WorkspaceId reach(const Actor& by, WorkspaceId asked) { return by.kind == Actor::Kind::system ? asked : by.workspace; }

Result<User> load_user(store::Session& session, WorkspaceId workspace, UserId id) {
  TRY(auto user, find_user(session, workspace, id));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  return *std::move(user);
}

std::optional<RoleId> maybe(RoleId id) { return id.is_nil() ? std::nullopt : std::optional(id); }

Status store_user(store::Transaction& tx, const User& user) {
  TRY_STATUS(
      run(tx,
          "update users set name = $3, role = $4, state = $5, language = $6, theme = $7, shortcuts = $8, role_id = $9 "
          "where workspace_id = $1 and id = $2",
          {user.workspace, user.id, user.name, to_string(user.role), user.is_active ? "active" : "disabled",
           user.language, user.theme, user.has_shortcuts, maybe(user.composed)}));
  return renew_revision(tx, user.workspace, senders_part);
}

Status keep_an_administrator(store::Session& session, const User& before, const User& after) {
  const bool was = before.role == Role::administrator && before.is_active;
  const bool stays = after.role == Role::administrator && after.is_active;
  if (!was || stays) return {};
  TRY(const auto others, session.number("select count(*) from users where workspace_id = $1 and id <> $2 "
                                        "and role = 'administrator' and state = 'active'",
                                        {before.workspace, before.id}));
  if (others == 0)
    return fail(ErrorKind::conflict, "last_administrator", "A workspace keeps at least one active administrator.");
  return {};
}

// As the ledger has it.
std::string role_text(const User& user) {
  return user.composed.is_nil() ? std::string(to_string(user.role)) : user.composed.text();
}

Result<User> add_user(store::Transaction& tx, const Actor& by, WorkspaceId workspace, const NewUser& given) {
  TRY_STATUS(check_name(given.name));
  TRY_STATUS(check_role(by, given.role, workspace));
  const auto key = email_key(given.email);
  if (!is_mail_address(key)) return fail(ErrorKind::invalid, "email_invalid", "This is not a mail address.");
  if (!is_one_of(languages, given.language))
    return fail(ErrorKind::invalid, "language_invalid", "Languages are en and fr.");
  TRY_STATUS(require_free_address(tx, by, {workspace, {}, key}));
  TRY(const auto count, tx.number("select count(*) from users where workspace_id = $1", {workspace}));
  if (count >= users_per_workspace_max)
    return fail(ErrorKind::limited, "too_many_users", "A workspace has at most 10,000 people.");
  User user{.id = UserId::make(tx.clock()),
            .workspace = workspace,
            .name = given.name,
            .email = given.email,
            .role = given.composed.is_nil() ? given.role : Role::agent,
            .composed = given.composed,
            .must_change_password = given.must_change_password,
            .has_password = !given.password_hash.empty(),
            .language = given.language,
            .theme = "system",
            .created_at = tx.now(),
            .last_seen_at = std::nullopt};
  TRY_STATUS(
      run(tx,
          "insert into users (workspace_id, id, name, email, email_key, role, state, language, theme, shortcuts, "
          "password_hash, must_change_password, created_at, role_id) "
          "values ($1, $2, $3, $4, $5, $6, 'active', $7, 'system', 1, $8, $9, $10, $11)",
          {user.workspace, user.id, user.name, user.email, key, to_string(user.role), user.language,
           given.password_hash, given.must_change_password, user.created_at, maybe(user.composed)}));
  TRY_STATUS(renew_revision(tx, workspace, senders_part));
  TRY_STATUS(record(tx, {.workspace = workspace,
                         .actor = by.for_ledger(),
                         .action = "user.create",
                         .object_kind = "user",
                         .object_id = user.id.text(),
                         .details = {{"role", role_text(user)}}}));
  TRY_STATUS(announce(tx, by, workspace));
  return user;
}

}  // namespace

Result<User> create_user(store::Transaction& tx, const Actor& by, const NewUser& given) {
  TRY_STATUS(authorize(by, "user", "create"));
  const auto workspace = reach(by, given.workspace);
  TRY_STATUS(check_role(by, given.role, workspace));
  User wanted;
  wanted.workspace = workspace;
  wanted.role = given.role;
  wanted.composed = given.composed;
  TRY_STATUS(require_no_more(tx, by, wanted));
  if (!given.composed.is_nil()) TRY_STATUS(load_role(tx, workspace, given.composed));
  return add_user(tx, by, workspace, given);
}

Result<User> create_first_administrator(store::Transaction& tx, const Actor& by, const NewUser& given) {
  TRY_STATUS(authorize(by, "workspace", "create"));
  if (given.role != Role::administrator)
    return fail(ErrorKind::invalid, "role_invalid", "The first person of a workspace is its administrator.");
  TRY(const auto people, tx.number("select count(*) from users where workspace_id = $1", {given.workspace}));
  if (people > 0) return fail(ErrorKind::conflict, "has_people", "This workspace has its people already.");
  return add_user(tx, by, given.workspace, given);
}

Result<User> update_user(store::Transaction& tx, const Actor& by, UserId id, const UserChange& change) {
  TRY_STATUS(authorize(by, "user", "update"));
  TRY(const auto before, load_user(tx, by.workspace, id));
  TRY_STATUS(require_no_more(tx, by, before));
  auto user = before;
  std::vector<std::pair<std::string, std::string>> details;
  if (change.name) {
    TRY_STATUS(check_name(*change.name));
    user.name = *change.name;
    details.emplace_back("name", "changed");
  }
  if (change.role) TRY_STATUS(check_role(by, *change.role, user.workspace));
  if (change.composed) TRY_STATUS(load_role(tx, user.workspace, *change.composed));
  if (change.role || change.composed) {
    user.role = change.composed ? Role::agent : *change.role;
    user.composed = change.composed.value_or(RoleId{});
    details.emplace_back("role", role_text(user));
    details.emplace_back("role_from", role_text(before));
    TRY_STATUS(require_no_more(tx, by, user));
  }
  if (change.is_active) {
    user.is_active = *change.is_active;
    details.emplace_back("state", user.is_active ? "active" : "disabled");
  }
  TRY_STATUS(keep_an_administrator(tx, before, user));
  if (!user.is_active || user.role != Role::administrator) TRY_STATUS(check_not_break_glass(tx, before));
  TRY_STATUS(store_user(tx, user));
  TRY_STATUS(note_ended(tx));  // what the person may do has changed
  if (!user.is_active) {
    TRY_STATUS(end_sessions(tx, user.workspace, user.id, std::nullopt));
    TRY_STATUS(revoke_keys_of(tx, by, user.id));  // whose secrets the person takes along
  }
  TRY_STATUS(record(tx, {.workspace = user.workspace,
                         .actor = by.for_ledger(),
                         .action = "user.update",
                         .object_kind = "user",
                         .object_id = id.text(),
                         .details = std::move(details)}));
  TRY_STATUS(announce(tx, by, user.workspace));
  return user;
}

Result<User> update_me(store::Transaction& tx, const Actor& me, const OwnChange& change) {
  TRY_STATUS(authorize(me, "me", "update", true));
  TRY(auto user, load_user(tx, me.workspace, me.user));
  if (change.name) {
    TRY_STATUS(check_name(*change.name));
    user.name = *change.name;
  }
  if (change.language && !is_one_of(languages, *change.language))
    return fail(ErrorKind::invalid, "language_invalid", "Languages are en and fr.");
  if (change.theme && !is_one_of(themes, *change.theme))
    return fail(ErrorKind::invalid, "theme_invalid", "Themes are system, light, dark and contrast.");
  user.language = change.language.value_or(user.language);
  user.theme = change.theme.value_or(user.theme);
  user.has_shortcuts = change.has_shortcuts.value_or(user.has_shortcuts);
  TRY_STATUS(store_user(tx, user));
  if (change.name) {
    TRY_STATUS(record(tx, {.workspace = user.workspace,
                           .actor = me.for_ledger(),
                           .action = "user.update",
                           .object_kind = "user",
                           .object_id = user.id.text(),
                           .details = {{"name", "changed"}}}));
    TRY_STATUS(announce(tx, me, user.workspace));
  }
  return user;
}

Status replace_password(store::Transaction& tx, const User& user, const NewPassword& password) {
  TRY_STATUS(run(tx,
                 "update users set password_hash = $3, must_change_password = $4, password_needs_second = $5 "
                 "where workspace_id = $1 and id = $2",
                 {user.workspace, user.id, password.hash, password.must_change, password.needs_second_factor}));
  TRY_STATUS(end_sessions(tx, user.workspace, user.id, password.keep_session));
  TRY_STATUS(end_password_links(tx, user.workspace, user.id));
  return run(tx, "delete from known_devices where user_id = $1", {user.id});
}

Status set_password(store::Transaction& tx, const Actor& by, const NewPassword& password) {
  const bool is_own = by.kind == Actor::Kind::user && by.user == password.user;
  TRY_STATUS(is_own ? authorize(by, "me", "change_password", true) : authorize(by, "user", "reset_password"));
  auto workspace = by.workspace;
  if (by.kind == Actor::Kind::system) {
    TRY(auto found, tx.find("select workspace_id from users where id = $1", {password.user},
                            [](const store::Row& row) { return row.id<WorkspaceId>(0); }));
    if (found) workspace = *found;
  }
  TRY(const auto user, load_user(tx, workspace, password.user));
  if (!is_own) TRY_STATUS(require_no_more(tx, by, user));
  TRY_STATUS(replace_password(tx, user, password));
  return record(tx, {.workspace = workspace,
                     .actor = by.for_ledger(),
                     .action = is_own ? "user.change_password" : "user.reset_password",
                     .object_kind = "user",
                     .object_id = user.id.text()});
}

}  // namespace answerable::access
