// Sends what people are told about their own accounts (access/account_mail.h): by the installation's relay, else by the
// SMTP server of one of the workspace's mail channels. Tries again with a growing pause until nobody waits any more.
#pragma once

#include <stop_token>
#include <string>

#include "access/account_mail.h"
#include "channels/email/smtp_carrier.h"
#include "store/database.h"

namespace answerable::channels {

struct AccountMailerParts {  // all outlive the mailer
  store::Database& database;
  const SmtpCarrierParts& smtp;
  std::string link_key;
  std::string public_url;  // without a slash at its end
  std::string sender;      // of mails by the installation's relay
};

class AccountMailer {
 public:
  static constexpr int at_once_max = 20;
  static constexpr std::int64_t attempt_ms = 30'000;
  static constexpr std::int64_t lease_ms = at_once_max * attempt_ms + 60'000;
  static constexpr std::int64_t wait_first_ms = 15'000, wait_most_ms = 15 * 60'000;

  explicit AccountMailer(AccountMailerParts parts) : parts_(std::move(parts)) {}

  // Sends what is due; blocks at most attempt_ms for each. One thread at a time.
  Status send_due(const std::stop_token& stop);
  // Whether there is a server for mails of this workspace. Any thread.
  bool can_mail(WorkspaceId workspace) const;

 private:
  struct Way {
    Relay relay;
    intake::ChannelDirectory::ChannelPtr channel;  // whose server it is; null: the installation's
    std::string sender;
  };
  std::optional<Way> find_way(WorkspaceId workspace) const;
  Result<std::string> render(const access::AccountMail& mail, const Way& way) const;
  outbox::Outcome send(const access::AccountMail& mail) const;

  const AccountMailerParts parts_;
};

}  // namespace answerable::channels
