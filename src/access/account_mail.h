// Mails to people about their own account. Queued in the transaction of the act that they tell of; sent by whoever has
// a mail server (channels/email/account_mailer.h). A queued mail holds no token: it names its link, and the token is
// derived when the mail is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/account_link.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

using AccountMailId = Id<struct AccountMailTag>;

enum class LetterKind : std::uint8_t {
  password_reset,
  invitation,
  password_changed,
  second_factor_added,
  second_factor_removed,
  passkey_added,
  passkey_removed,
  address_changed,  // to the former one
  new_device,       // somebody signed in on a device that was not known
  exposed_link,     // to report by it that somebody else may know the code
  exposed_own,      // it was reported for who gets this
  shared_code,      // it seems to be used by several at once
  much_read,        // more was read with it than the role needs
  exposed_other,    // it was reported for somebody else: to administrators and the operator
  mailbox_refused,  // a channel's mailbox lets us in no more: to administrators
  breach,           // an incident concerns personal data: to who looks after data protection
  breach_alarm,     // the time until the authority must be told runs out
};
std::string_view to_string(LetterKind kind);

inline constexpr std::int64_t letter_kept_ms = 3 * 86'400'000LL;  // then nobody waits for it any more

struct AccountMail {
  AccountMailId id;
  WorkspaceId workspace;  // nil: of the operator
  LetterKind kind = LetterKind::password_reset;
  std::string to, language;
  std::string name;             // of who gets it
  std::string by, about;        // names of people or of the workspace, as the letter needs them
  AccountLinkId link;           // nil without one
  Time created_at, expires_at;  // not sent later than that
  std::int64_t attempts = 0;
};

// Ids and times are made here. Part of other acts: no entry of its own.
Status queue_account_mail(store::Transaction& tx, AccountMail mail);
// To a person about their own way in, in case it was somebody else who changed or used it.
Status tell_person(store::Transaction& tx, const User& user, LetterKind kind, std::string by, std::string about);
// One to each administrator of the workspace; `mail` says everything but whom to.
Status queue_administrators_mail(store::Transaction& tx, const AccountMail& mail);
// Those that are due, at most `limit`. Nobody else gets them before `lease_ms` have passed.
Result<std::vector<AccountMail>> claim_account_mails(store::Transaction& tx, std::int64_t lease_ms, int limit);
// It has left, or never will.
Status settle_account_mail(store::Transaction& tx, AccountMailId id);
Status postpone_account_mail(store::Transaction& tx, AccountMailId id, std::int64_t wait_ms);
// Those that nobody could send in time; returns how many of at most `limit`.
Result<std::int64_t> delete_expired_account_mails(store::Transaction& tx, int limit);

}  // namespace answerable::access
