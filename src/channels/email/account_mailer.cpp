#include "channels/email/account_mailer.h"

#include <algorithm>

#include "access/account_letter.h"
#include "base/log.h"
#include "channels/email/smtp_client.h"
#include "mail/address.h"
#include "mail/build.h"
#include "mail/domain_name.h"
#include "mail/text_to_html.h"

namespace answerable::channels {

std::optional<AccountMailer::Way> AccountMailer::find_way(WorkspaceId workspace) const {
  if (parts_.smtp.relay) return Way{.relay = *parts_.smtp.relay, .channel = nullptr, .sender = parts_.sender};
  for (const auto& channel : parts_.smtp.channels.of_kind("email")) {
    if (channel->workspace != workspace || !may_send(*channel)) continue;
    const auto relay = find_relay(parts_.smtp, *channel);
    if (relay && *relay) return Way{.relay = **relay, .channel = channel, .sender = channel->address};
  }
  return std::nullopt;
}

bool AccountMailer::can_mail(WorkspaceId workspace) const { return find_way(workspace).has_value(); }

Result<std::string> AccountMailer::render(const access::AccountMail& mail, const Way& way) const {
  const auto token = mail.link.is_nil() ? std::string() : access::link_token(parts_.link_key, mail.link);
  const auto letter = access::write_letter(mail, parts_.public_url, token);
  TRY(const auto domain, mail::ascii_domain(mail::domain_part(way.sender)));
  TRY(auto message_id, mail::MessageIdText::make(mail.id.text() + "@" + domain));
  TRY(auto from, mail::Mailbox::make("Answerable", way.sender));
  TRY(auto to, mail::Mailbox::make(mail::HeaderText::clean(mail.name).text(), mail.to));
  return mail::build_message({.message_id = std::move(message_id),
                              .date = mail.created_at,
                              .from = std::move(from),
                              .to = {std::move(to)},
                              .subject = mail::HeaderText::clean(letter.subject),
                              .text = letter.text,
                              .html = mail::text_to_html(letter.text),
                              .auto_submitted = true});
}

outbox::Outcome AccountMailer::send(const access::AccountMail& mail) const {
  const auto way = find_way(mail.workspace);
  if (!way) return outbox::Outcome::retry;
  const auto rendered = render(mail, *way);
  if (!rendered) {
    log::error("account_mail_unwritable", rendered.error());
    return outbox::Outcome::failed;
  }
  const SmtpClientOptions options{parts_.smtp.hostname, attempt_ms / 2, attempt_ms, parts_.smtp.ca_file,
                                  way->relay.reach};
  const SmtpMail envelope{{}, {mail.to}, *rendered};  // automatic: nobody answers it (RFC 3834 section 3.3)
  const intake::Channel none;
  const auto& channel = way->channel ? *way->channel : none;
  const auto outcome =
      sign_in_to_relay(parts_.smtp, channel, way->relay, [&](const std::string& secret) -> Result<SmtpOutcome> {
        auto sent = send_mail(way->relay.server, secret, envelope, options);
        if (sent.is_sign_in_refused)
          return fail(ErrorKind::unauthenticated, "smtp_login_refused", std::move(sent.detail));
        return sent;
      });
  if (!outcome) {
    log::warning("account_mail_not_sent", {{"detail", outcome.error().detail}});
    return outbox::Outcome::retry;
  }
  if (outcome->outcome != outbox::Outcome::sent)
    log::warning("account_mail_not_sent", {{"kind", access::to_string(mail.kind)}, {"detail", outcome->detail}});
  return outcome->outcome;
}

Status AccountMailer::send_due(const std::stop_token& stop) {
  TRY(const auto due, parts_.database.write([](store::Transaction& tx) {
    return access::claim_account_mails(tx, lease_ms, at_once_max);
  }));
  for (const auto& mail : due) {
    const bool is_again = stop.stop_requested() || send(mail) == outbox::Outcome::retry;
    const auto doublings = std::min<std::int64_t>(mail.attempts - 1, 10);
    const auto wait_ms = std::min(wait_first_ms << doublings, wait_most_ms);
    // What may have left is not sent twice: whoever misses it asks again.
    TRY_STATUS(parts_.database.write([&](store::Transaction& tx) {
      return is_again ? access::postpone_account_mail(tx, mail.id, wait_ms) : access::settle_account_mail(tx, mail.id);
    }));
  }
  return {};
}

}  // namespace answerable::channels
