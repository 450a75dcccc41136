#include "channels/test_connection.h"

#include "channels/email/imap_session.h"
#include "channels/email/mail_settings.h"
#include "channels/email/pop3_session.h"
#include "channels/email/smtp_client.h"
#include "channels/webchat/settings.h"

namespace answerable::channels {

namespace {

constexpr std::int64_t timeout_ms = 10'000;

Result<std::string> test_mail(const SmtpCarrierParts& parts, const intake::Channel& channel) {
  TRY(auto settings, read_mail_settings(channel.config));
  std::string said = "Mail comes in by LMTP";
  if (settings.imap) {
    TRY(auto session, parts.tokens->sign_in(channel, *settings.imap, imap_password_name, [&](const auto& secret) {
      return ImapSession::connect(*settings.imap, secret, {parts.ca_file, timeout_ms, parts.reach});
    }));
    Mailbox mailbox;
    for (const auto& folder : settings.imap_folders) {
      TRY(mailbox, session->select(folder));
    }
    said = "The mailbox answers (" + std::to_string(mailbox.exists) + " mails)";
  }
  if (settings.pop3) {
    TRY(auto session, parts.tokens->sign_in(channel, *settings.pop3, pop3_password_name, [&](const auto& secret) {
      return Pop3Session::connect(*settings.pop3, secret, {parts.ca_file, timeout_ms, parts.reach});
    }));
    TRY(const auto mails, session->list());
    said = "The mailbox answers (" + std::to_string(mails.size()) + " mails)";
  }
  TRY(const auto sending, find_relay(parts, channel));
  if (!sending) return said + "; replies cannot leave: no SMTP server is set.";
  TRY_STATUS(sign_in_to_relay(parts, channel, *sending, [&](const std::string& secret) {
    return try_smtp(sending->server, secret, {parts.hostname, timeout_ms, timeout_ms, parts.ca_file, sending->reach});
  }));
  return said + "; the SMTP server answers.";
}

}  // namespace

Result<std::string> test_connection(const SmtpCarrierParts& parts, const intake::Channel& channel) {
  if (channel.kind == "email") return test_mail(parts, channel);
  if (channel.kind == "webchat") {
    auto settings = webchat::read_settings(channel.config);
    if (settings.allowed_origins.empty())
      return std::string("Works on this server's own pages only: add the origin of your site.");
    return std::string("Works on " + std::to_string(settings.allowed_origins.size()) + " origin(s).");
  }
  return std::string("Nothing to connect to.");
}

}  // namespace answerable::channels
