#include "access/reset_password.h"

#include "access/account_mail.h"
#include "access/authorize.h"
#include "access/record.h"
#include "access/roles.h"
#include "access/workspace.h"
#include "base/log.h"

namespace answerable::access {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

Status send_reset_link(store::Transaction& tx, std::string_view link_key, const std::string& email) {
  TRY(const auto user, find_user_by_email(tx, email));
  if (!user || !user->is_active) return {};
  TRY(const auto given, links_since(tx, *user, LinkPurpose::reset, tx.now() - hour_ms));
  if (given >= reset_links_per_hour_max) return {};
  TRY(const auto link, make_account_link(tx, link_key, *user, LinkPurpose::reset));
  TRY_STATUS(queue_account_mail(tx, {.workspace = user->workspace,
                                     .kind = LetterKind::password_reset,
                                     .to = user->email,
                                     .language = user->language,
                                     .name = user->name,
                                     .link = link.id,
                                     .expires_at = link.expires_at}));
  return record(tx, {.workspace = user->workspace,
                     .actor = system_actor(user->workspace).for_ledger(),
                     .action = "user.reset_link",
                     .object_kind = "user",
                     .object_id = user->id.text()});
}

}  // namespace

void ask_for_password_reset(store::Database& database, std::string_view link_key, std::string_view email) {
  auto job = [key = std::string(link_key), email = std::string(email)](store::Transaction& tx) {
    return send_reset_link(tx, key, email);
  };
  database.submit(std::move(job), [](const Status& status) {
    if (!status) log::error("reset_link_failed", status.error());
  });
}

Status invite_user(store::Transaction& tx, std::string_view link_key, const Actor& by, UserId id) {
  TRY_STATUS(authorize(by, "user", "create"));
  TRY(const auto user, find_user(tx, by.workspace, id));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  TRY_STATUS(require_no_more(tx, by, *user));
  if (user->has_password) return fail(ErrorKind::conflict, "has_password", "This person has a password already.");
  TRY(const auto given, links_since(tx, *user, LinkPurpose::invitation, tx.now() - hour_ms));
  if (given >= invitations_per_hour_max)
    return fail(ErrorKind::limited, "too_many_invitations", "At most 5 invitations an hour go to one person.");
  TRY(const auto workspace, find_workspace(tx, user->workspace));
  TRY(const auto link, make_account_link(tx, link_key, *user, LinkPurpose::invitation));
  TRY_STATUS(queue_account_mail(tx, {.workspace = user->workspace,
                                     .kind = LetterKind::invitation,
                                     .to = user->email,
                                     .language = user->language,
                                     .name = user->name,
                                     .by = by.name,
                                     .about = workspace ? workspace->name : "Answerable",
                                     .link = link.id,
                                     .expires_at = link.expires_at}));
  return record(tx, {.workspace = user->workspace,
                     .actor = by.for_ledger(),
                     .action = "user.invite",
                     .object_kind = "user",
                     .object_id = user->id.text()});
}

Status set_password_by_link(store::Transaction& tx, const AccountLink& link, const LinkedPassword& password) {
  TRY_STATUS(use_account_link(tx, link));
  const auto& user = link.user;
  TRY_STATUS(replace_password(tx, user,
                              {.user = user.id,
                               .hash = password.hash,
                               .keep_session = std::nullopt,
                               .needs_second_factor = password.needs_second_factor}));
  if (link.purpose == LinkPurpose::reset)
    TRY_STATUS(queue_account_mail(tx, {.workspace = user.workspace,
                                       .kind = LetterKind::password_changed,
                                       .to = user.email,
                                       .language = user.language,
                                       .name = user.name}));
  return record(tx, {.workspace = user.workspace,
                     .actor = {.kind = user.workspace.is_nil() ? "operator" : "user",
                               .id = user.id.text(),
                               .credential = link.id.text()},
                     .action = link.purpose == LinkPurpose::reset ? "user.reset_password" : "user.accept_invitation",
                     .object_kind = "user",
                     .object_id = user.id.text()});
}

}  // namespace answerable::access
