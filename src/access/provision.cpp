#include "access/provision.h"

#include "access/account_mail.h"
#include "access/api_key.h"
#include "access/authorize.h"
#include "access/ended.h"
#include "access/record.h"
#include "access/revision.h"
#include "access/user_row.h"

namespace answerable::access {
namespace {

ProvisionedUser read_provisioned(const store::Row& row) {
  return {.user = read_user(row),
          .more = {.external_id = row.string(user_columns),
                   .given_name = row.string(user_columns + 1),
                   .family_name = row.string(user_columns + 2),
                   .is_hidden = row.flag(user_columns + 3)}};
}

audit::Act act(const Actor& by, std::string_view action, UserId id) {
  return {.workspace = by.workspace,
          .actor = by.for_ledger(),
          .action = action,
          .object_kind = "user",
          .object_id = id.text()};
}

}  // namespace

Result<ProvisionedPage> provisioned_users(store::Session& session, const Actor& by, const ProvisionFilter& filter,
                                          std::int64_t skipped, int most) {
  TRY_STATUS(authorize(by, "user", "list"));
  const auto key = email_key(filter.user_name);
  ProvisionedPage page;
  TRY(page.total,
      session.number("select count(*) from users u left join provisioned_users p on p.workspace_id = u.workspace_id "
                     "and p.user_id = u.id where u.workspace_id = $1 and coalesce(p.is_hidden, 0) = 0 "
                     "and ($2 = '' or u.email_key = $2) and ($3 = '' or p.external_id = $3)",
                     {by.workspace, key, filter.external_id}));
  TRY(page.items,
      session.all(
          "select " ANSWERABLE_USER_COLUMNS
          ", coalesce(p.external_id, ''), coalesce(p.given_name, ''), coalesce(p.family_name, ''), "
          "coalesce(p.is_hidden, 0) from users u left join provisioned_users p on p.workspace_id = u.workspace_id "
          "and p.user_id = u.id where u.workspace_id = $1 and coalesce(p.is_hidden, 0) = 0 "
          "and ($2 = '' or u.email_key = $2) and ($3 = '' or p.external_id = $3) "
          "order by u.created_at, u.id limit $4 offset $5",
          {by.workspace, key, filter.external_id, most, skipped}, read_provisioned));
  return page;
}

Result<ProvisionedUser> load_provisioned(store::Session& session, const Actor& by, UserId id) {
  TRY_STATUS(authorize(by, "user", "list"));
  TRY(auto found,
      session.find(
          "select " ANSWERABLE_USER_COLUMNS
          ", coalesce(p.external_id, ''), coalesce(p.given_name, ''), coalesce(p.family_name, ''), "
          "coalesce(p.is_hidden, 0) from users u left join provisioned_users p on p.workspace_id = u.workspace_id "
          "and p.user_id = u.id where u.workspace_id = $1 and u.id = $2",
          {by.workspace, id}, read_provisioned));
  if (!found) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  return *std::move(found);
}

Status store_provisioned(store::Transaction& tx, const Actor& by, UserId id, const Provisioned& more) {
  TRY_STATUS(authorize(by, "user", "update"));
  if (!more.external_id.empty()) {
    TRY(const auto taken, tx.number("select count(*) from provisioned_users where workspace_id = $1 and "
                                    "external_id = $2 and user_id <> $3",
                                    {by.workspace, more.external_id, id}));
    if (taken > 0)
      return fail(ErrorKind::conflict, "external_id_taken", "Another person has this id of the directory.");
  }
  return run(tx,
             "insert into provisioned_users (workspace_id, user_id, external_id, given_name, family_name, is_hidden) "
             "values ($1, $2, $3, $4, $5, $6) on conflict (workspace_id, user_id) do update set "
             "external_id = excluded.external_id, given_name = excluded.given_name, "
             "family_name = excluded.family_name, is_hidden = excluded.is_hidden",
             {by.workspace, id, more.external_id, more.given_name, more.family_name, more.is_hidden});
}

Status change_address(store::Transaction& tx, const Actor& by, UserId id, std::string_view email) {
  TRY_STATUS(authorize(by, "user", "update"));
  const auto key = email_key(email);
  if (!is_mail_address(key)) return fail(ErrorKind::invalid, "email_invalid", "This is not a mail address.");
  TRY_STATUS(require_free_address(tx, by, {by.workspace, id, key}));
  TRY(const auto before, find_user(tx, by.workspace, id));
  if (!before) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  TRY_STATUS(run(tx, "update users set email = $3, email_key = $4 where workspace_id = $1 and id = $2",
                 {by.workspace, id, email, key}));
  // Whoever reads the former mailbox comes in by it no more, and hears of it.
  TRY_STATUS(end_password_links(tx, by.workspace, id));
  TRY_STATUS(tell_person(tx, *before, LetterKind::address_changed, by.name, std::string(email)));
  TRY_STATUS(renew_revision(tx, by.workspace, senders_part));
  return record(tx, act(by, "user.change_address", id));
}

Status revoke_keys_of(store::Transaction& tx, const Actor& by, UserId id) {
  TRY_STATUS(authorize(by, "user", "update"));
  TRY(const auto keys, end_keys_of(tx, by.workspace, id));
  if (keys == 0) return {};
  TRY_STATUS(note_ended(tx));
  auto revoked = act(by, "user.revoke_keys", id);
  revoked.details.emplace_back("keys", std::to_string(keys));
  return record(tx, revoked);
}

}  // namespace answerable::access
