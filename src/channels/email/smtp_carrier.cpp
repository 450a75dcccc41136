#include "channels/email/smtp_carrier.h"

#include <algorithm>

#include "base/utf8.h"
#include "channels/email/normalise_mail.h"
#include "channels/email/smtp_client.h"
#include "mail/address.h"
#include "mail/build.h"
#include "mail/dkim_sign.h"
#include "mail/domain_name.h"
#include "mail/language.h"
#include "mail/quote.h"
#include "mail/reply_token.h"
#include "mail/sanitise.h"
#include "mail/text_to_html.h"

namespace answerable::channels {

namespace {

constexpr std::size_t rendered_bytes_max = 60UL * 1024 * 1024;

std::unexpected<Error> channel_gone() {
  return fail(ErrorKind::unavailable, "channel_gone", "The channel is disabled: enable it, or resolve the delivery.");
}

// "Re:" once, and only for an answer that somebody wrote.
std::string subject_of(const outbox::OutboundMessage& message) {
  auto subject = one_line(message.subject, 900);
  auto begins_with_re = subject.size() >= 3 && (subject[0] == 'R' || subject[0] == 'r') &&
                        (subject[1] == 'E' || subject[1] == 'e') && subject[2] == ':';
  if (message.in_reply_to.empty() || message.auto_submitted || begins_with_re) return subject;
  return "Re: " + subject;
}

Result<std::vector<mail::Mailbox>> to_mailboxes(const std::vector<std::string>& addresses,
                                                std::string_view first_name) {
  std::vector<mail::Mailbox> list;
  for (const auto& address : addresses) {
    // A name is a stranger's: what cannot stand in a header is left out of it, and the reply still goes.
    auto name = mail::HeaderText::clean(list.empty() ? one_line(first_name, 200) : std::string());
    TRY(auto mailbox, mail::Mailbox::make(name.text(), address));
    list.push_back(std::move(mailbox));
  }
  return list;
}

// Ids of strangers that cannot stand in a header are left out; the thread is found by the others.
void set_thread(const outbox::OutboundMessage& message, mail::OutgoingMessage& mail) {
  if (auto id = mail::MessageIdText::make(message.in_reply_to)) mail.in_reply_to = *std::move(id);
  for (const auto& reference : message.references)
    if (auto id = mail::MessageIdText::make(reference)) mail.references.push_back(*std::move(id));
}

Status set_attachments(store::Blobs& blobs, const outbox::OutboundMessage& message, mail::OutgoingMessage& mail) {
  std::size_t total = 0;
  for (const auto& attachment : message.attachments) {
    TRY(auto content, blobs.get(attachment.blob));
    total += content.size();
    if (total > rendered_bytes_max)
      return fail(ErrorKind::invalid, "message_too_large", "The attachments are too large for a mail.");
    auto id = mail::MessageIdText::make(attachment.content_id);
    mail.attachments.push_back({mail::HeaderText::clean(attachment.filename),
                                mail::ContentType::clean(attachment.content_type), std::move(content),
                                id ? std::optional(*std::move(id)) : std::nullopt});
  }
  return {};
}

std::vector<mail::TextImage> pictures_of(const outbox::OutboundMessage& message) {
  std::vector<mail::TextImage> pictures;
  for (const auto& attachment : message.attachments)
    if (!attachment.content_id.empty()) pictures.push_back({attachment.filename, attachment.content_id});
  return pictures;
}

// In the language of what is quoted, or else of the answer: few words have none that is certain.
std::string quote_of(const outbox::OutboundMessage& message, const MailSettings& settings) {
  if (!message.quoted || !settings.quotes_replies) return {};
  const auto& quoted = *message.quoted;
  auto language = quoted.language.empty() ? mail::detect_language(quoted.text) : quoted.language;
  if (language.empty()) language = mail::detect_language(message.text);
  return mail::quote_mail({quoted.author_name, quoted.from_address, quoted.sent_at, quoted.text, language});
}

// HTML that was given names no pictures of the text.
void set_text(const outbox::OutboundMessage& message, const std::string& quote, mail::OutgoingMessage& mail) {
  mail.text = message.text;
  if (!quote.empty()) mail.text += (message.text.ends_with('\n') ? "\n" : "\n\n") + quote;
  mail.html = message.html.empty() ? mail::text_to_html(mail.text, pictures_of(message))
                                   : mail::with_image_addresses(message.html) + mail::text_to_html(quote);
}

// Without those for whom an earlier attempt has settled it.
std::vector<std::string> open_recipients(const outbox::Delivery& delivery) {
  auto open = delivery.message.recipients();
  std::erase_if(open, [&](const std::string& address) {
    const auto& settled = delivery.recipients;
    return std::ranges::find(settled, address, &outbox::RecipientResult::address) != settled.end();
  });
  return open;
}

}  // namespace

Result<outbox::Rendered> SmtpCarrier::render(const outbox::OutboundMessage& message) {
  auto channel = parts_.channels.find(message.workspace, channel_);
  if (!channel || channel->state == intake::ChannelState::disabled) return channel_gone();
  TRY(auto settings, read_mail_settings(channel->config));
  auto token = mail::make_reply_token(parts_.reply_token_key, message.workspace, message.conversation);
  TRY(const auto domain, mail::ascii_domain(mail::domain_part(channel->address)));
  auto id = mail::tag_message_id(message.message.text(), token, domain);
  TRY(auto message_id, mail::MessageIdText::make(id));
  const auto& name = settings.from_name.empty() ? (message.author_name.empty() ? channel->name : message.author_name)
                                                : settings.from_name;
  TRY(auto from, mail::Mailbox::make(one_line(name, 200), channel->address));
  TRY(auto to, to_mailboxes(message.to, message.recipient_name));
  TRY(auto cc, to_mailboxes(message.cc, ""));
  mail::OutgoingMessage mail{std::move(message_id),
                             std::nullopt,
                             {},
                             message.created_at,
                             std::move(from),
                             std::move(to),
                             std::move(cc),
                             {},
                             mail::HeaderText::clean(subject_of(message)),
                             {},
                             {},
                             {},
                             message.auto_submitted};
  set_text(message, quote_of(message, settings), mail);
  auto tagged =
      settings.plus_addressing ? mail::tag_address(channel->address, token) : Result<std::string>(channel->address);
  if (tagged && *tagged != channel->address) {
    TRY(auto reply_to, mail::Mailbox::make(one_line(name, 200), *tagged));
    mail.reply_to.push_back(std::move(reply_to));
  }
  set_thread(message, mail);
  TRY_STATUS(set_attachments(parts_.blobs, message, mail));
  TRY(auto built, mail::build_message(mail));
  auto mark = std::string(loop_mark_field) + ": " + loop_mark(parts_.reply_token_key, message.workspace, id) + "\r\n";
  auto raw = mark + built;
  TRY(auto signature, sign(*channel, settings.dkim_selector, domain, raw, message.created_at));
  return outbox::Rendered{signature + raw, id};
}

Result<std::string> SmtpCarrier::sign(const intake::Channel& channel, const std::string& selector,
                                      const std::string& domain, const std::string& raw, Time at) const {
  if (selector.empty()) return std::string();
  auto pem = parts_.channels.secret(channel, dkim_key_name);
  auto key = mail::DkimKey::read(pem.value_or(""));
  if (!key)
    return fail(ErrorKind::unavailable, "dkim_key_unreadable",
                "This channel signs its mail, and its key cannot be read: make a new one in the channel's settings.");
  TRY(const auto signer, mail::DkimSigner::make(domain, selector, *std::move(key)));
  return mail::dkim_signature(raw, signer, at);
}

bool may_send(const intake::Channel& channel) {
  if (channel.state == intake::ChannelState::disabled) return false;
  if (channel.state != intake::ChannelState::needs_reauthorisation) return true;
  const auto settings = read_mail_settings(channel.config);
  return settings && (!settings->smtp || settings->smtp->sign_in == SignIn::password);
}

Result<std::optional<Relay>> find_relay(const SmtpCarrierParts& parts, const intake::Channel& channel) {
  TRY(auto settings, read_mail_settings(channel.config));
  if (!settings.smtp) return parts.relay;
  return Relay{.server = *settings.smtp, .reach = parts.reach, .is_the_channels = true};
}

outbox::SendResult SmtpCarrier::send(const outbox::Delivery& delivery) {
  const auto& message = delivery.message;
  auto channel = parts_.channels.find(message.workspace, channel_);
  if (!channel || channel->state == intake::ChannelState::disabled)
    return {outbox::Outcome::retry, "", channel_gone().error().detail, 0};
  auto found = find_relay(parts_, *channel);
  if (!found) return {outbox::Outcome::retry, "", found.error().detail, 0};
  const auto& relay = *found;
  if (!relay)
    return {outbox::Outcome::retry, "", "No SMTP server is set for this channel, and none for the installation.", 0};
  // An automatic answer has the null reverse-path, so that no server answers it (RFC 3834 section 3.3).
  const auto sender = message.auto_submitted ? std::string() : channel->address;
  SmtpMail mail{sender, open_recipients(delivery), delivery.rendered};
  if (mail.to.empty()) return {outbox::Outcome::sent, delivery.external_id, "Everybody has it.", 0};
  const SmtpClientOptions options{parts_.hostname, parts_.connect_timeout_ms, parts_.attempt_timeout_ms, parts_.ca_file,
                                  relay->reach};
  auto result = sign_in_to_relay(parts_, *channel, *relay, [&](const std::string& secret) -> Result<SmtpOutcome> {
    auto outcome = send_mail(relay->server, secret, mail, options);
    if (outcome.is_sign_in_refused)
      return fail(ErrorKind::unauthenticated, "smtp_login_refused", std::move(outcome.detail));
    return outcome;
  });
  if (!result) return {outbox::Outcome::retry, delivery.external_id, result.error().detail, 0};
  return {result->outcome, delivery.external_id, result->detail, 0, std::move(result->recipients)};
}

}  // namespace answerable::channels
