#include "access/account_mail.h"

#include <array>

#include "access/record.h"
#include "access/user.h"

namespace answerable::access {
namespace {

constexpr std::array kinds{LetterKind::second_factor_added, LetterKind::second_factor_removed,
                           LetterKind::passkey_added,       LetterKind::passkey_removed,
                           LetterKind::address_changed,     LetterKind::new_device,
                           LetterKind::password_reset,      LetterKind::invitation,
                           LetterKind::password_changed,    LetterKind::exposed_link,
                           LetterKind::exposed_own,         LetterKind::exposed_other,
                           LetterKind::shared_code,         LetterKind::much_read,
                           LetterKind::mailbox_refused,     LetterKind::breach,
                           LetterKind::breach_alarm};

LetterKind parse_kind(std::string_view text) {
  for (const auto kind : kinds) {
    if (text == to_string(kind)) return kind;
  }
  return LetterKind::password_changed;
}

AccountMail read_mail(const store::Row& row) {
  return {.id = row.id<AccountMailId>(0),
          .workspace = row.id<WorkspaceId>(1),
          .kind = parse_kind(row.text(2)),
          .to = row.string(3),
          .language = row.string(4),
          .name = row.string(5),
          .by = row.string(6),
          .about = row.string(7),
          .link = row.id<AccountLinkId>(8),
          .created_at = row.time(9),
          .expires_at = row.time(10),
          .attempts = row.integer(11)};
}

}  // namespace

std::string_view to_string(LetterKind kind) {
  switch (kind) {
    case LetterKind::password_reset: return "password_reset";
    case LetterKind::invitation: return "invitation";
    case LetterKind::password_changed: return "password_changed";
    case LetterKind::second_factor_added: return "second_factor_added";
    case LetterKind::second_factor_removed: return "second_factor_removed";
    case LetterKind::passkey_added: return "passkey_added";
    case LetterKind::passkey_removed: return "passkey_removed";
    case LetterKind::address_changed: return "address_changed";
    case LetterKind::new_device: return "new_device";
    case LetterKind::exposed_link: return "exposed_link";
    case LetterKind::exposed_own: return "exposed_own";
    case LetterKind::shared_code: return "shared_code";
    case LetterKind::much_read: return "much_read";
    case LetterKind::exposed_other: return "exposed_other";
    case LetterKind::mailbox_refused: return "mailbox_refused";
    case LetterKind::breach: return "breach";
    case LetterKind::breach_alarm: return "breach_alarm";
  }
  return "password_changed";
}

Status queue_account_mail(store::Transaction& tx, AccountMail mail) {
  const auto now = tx.now();
  if (mail.expires_at == Time{}) mail.expires_at = now + letter_kept_ms;
  return run(
      tx,
      "insert into account_mails (id, workspace_id, kind, address, language, name, by_name, about_name, link_id, "
      "created_at, expires_at, next_attempt_at, attempts) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, 0)",
      {AccountMailId::make(tx.clock()), mail.workspace, to_string(mail.kind), mail.to, mail.language, mail.name,
       mail.by, mail.about, mail.link, now, mail.expires_at});
}

Status tell_person(store::Transaction& tx, const User& user, LetterKind kind, std::string by, std::string about) {
  return queue_account_mail(tx, {.workspace = user.workspace,
                                 .kind = kind,
                                 .to = user.email,
                                 .language = user.language,
                                 .name = user.name,
                                 .by = std::move(by),
                                 .about = std::move(about)});
}

Status queue_administrators_mail(store::Transaction& tx, const AccountMail& mail) {
  TRY(const auto people, users(tx, mail.workspace));
  for (const auto& one : people) {
    if (!one.is_active || one.role != Role::administrator) continue;
    auto own = mail;
    own.to = one.email;
    own.language = one.language;
    own.name = one.name;
    TRY_STATUS(queue_account_mail(tx, std::move(own)));
  }
  return {};
}

Result<std::vector<AccountMail>> claim_account_mails(store::Transaction& tx, std::int64_t lease_ms, int limit) {
  const auto now = tx.now();
  // The time is asked for twice: a second node that waited for the row finds it taken.
  return tx.all(
      "update account_mails set next_attempt_at = $2, attempts = attempts + 1 where next_attempt_at <= $1 and id in "
      "(select id from account_mails where next_attempt_at <= $1 and expires_at > $1 order by next_attempt_at limit "
      "$3) returning id, workspace_id, kind, address, language, name, by_name, about_name, link_id, created_at, "
      "expires_at, attempts",
      {now, now + lease_ms, limit}, read_mail);
}

Status settle_account_mail(store::Transaction& tx, AccountMailId id) {
  return run(tx, "delete from account_mails where id = $1", {id});
}

Status postpone_account_mail(store::Transaction& tx, AccountMailId id, std::int64_t wait_ms) {
  return run(tx, "update account_mails set next_attempt_at = $2 where id = $1", {id, tx.now() + wait_ms});
}

Result<std::int64_t> delete_expired_account_mails(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from account_mails where id in (select id from account_mails where expires_at <= $1 limit $2)",
      {tx.now(), limit});
}

}  // namespace answerable::access
