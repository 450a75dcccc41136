#include <algorithm>
#include <cctype>

#include "access/user_row.h"

namespace answerable::access {
namespace {

bool is_host_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || (c & 0x80);
}

bool is_local_character(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != 0x7f &&
         std::string_view("@\"(),:;<>[\\]").find(c) == std::string_view::npos;
}

}  // namespace

User read_user(const store::Row& row, int first) {
  return {.id = row.id<UserId>(first),
          .workspace = row.id<WorkspaceId>(first + 1),
          .name = row.string(first + 2),
          .email = row.string(first + 3),
          .role = parse_role(row.text(first + 4)).value_or(Role::agent),
          .composed = row.is_null(first + 14) ? RoleId{} : row.id<RoleId>(first + 14),
          .is_active = row.text(first + 5) == "active",
          .must_change_password = row.flag(first + 6),
          .has_password = row.integer(first + 12) > 0,
          .has_second_factor = row.flag(first + 13),
          .language = row.string(first + 7),
          .theme = row.string(first + 8),
          .has_shortcuts = row.flag(first + 9),
          .created_at = row.time(first + 10),
          .last_seen_at = row.maybe_time(first + 11)};
}

Result<std::optional<User>> find_user(store::Session& session, WorkspaceId workspace, UserId id) {
  return session.find("select " ANSWERABLE_USER_COLUMNS " from users u where u.workspace_id = $1 and u.id = $2",
                      {workspace, id}, [](const store::Row& row) { return read_user(row); });
}

Result<std::optional<User>> find_user_by_email(store::Session& session, std::string_view email) {
  const auto key = email_key(email);
  return session.find("select " ANSWERABLE_USER_COLUMNS " from users u where u.email_key = $1", {key},
                      [](const store::Row& row) { return read_user(row); });
}

Status require_free_address(store::Session& session, const Actor& by, const WantedAddress& wanted) {
  TRY(const auto other, find_user_by_email(session, wanted.key));
  if (!other || other->id == wanted.user) return {};
  const bool is_told = by.kind == Actor::Kind::system || by.role == Role::operator_;
  if (is_told || other->workspace == wanted.workspace)
    return fail(ErrorKind::conflict, "email_taken", "Somebody uses this address already.");
  return fail(ErrorKind::conflict, "email_unavailable",
              "This address cannot have an access code here. Choose another one, or ask the operator.");
}

Result<std::vector<User>> users(store::Session& session, WorkspaceId workspace) {
  return session.all("select " ANSWERABLE_USER_COLUMNS " from users u where u.workspace_id = $1 order by u.name, u.id",
                     {workspace}, [](const store::Row& row) { return read_user(row); });
}

Result<std::string> load_password_hash(store::Session& session, WorkspaceId workspace, UserId id) {
  TRY(auto hash, session.find("select password_hash from users where workspace_id = $1 and id = $2", {workspace, id},
                              [](const store::Row& row) { return row.string(0); }));
  return std::move(hash).value_or(std::string());
}

std::string email_key(std::string_view email) {
  while (!email.empty() && email.front() == ' ') email.remove_prefix(1);
  while (!email.empty() && email.back() == ' ') email.remove_suffix(1);
  std::string key(email);
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.size() > mail_address_bytes_max) return false;
  const auto local = text.substr(0, at);
  const auto host = text.substr(at + 1);
  if (host.empty() || local.size() > 64 || host.front() == '.' || host.back() == '.' ||
      host.find("..") != std::string_view::npos)
    return false;
  return std::all_of(local.begin(), local.end(), is_local_character) &&
         std::all_of(host.begin(), host.end(), is_host_character);
}

}  // namespace answerable::access
