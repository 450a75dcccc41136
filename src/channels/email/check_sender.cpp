#include "channels/email/check_sender.h"

#include "channels/email/mail_settings.h"

namespace answerable::channels {

namespace {

// A mailbox has another server in front of it than our LMTP listener: only what its own channel names counts.
mail::TrustedServers trusted_by(const CheckSenderParts& parts, const intake::Arrival& arrival) {
  const auto channel = parts.channels.find(arrival.workspace, arrival.channel);
  const auto settings = channel ? read_mail_settings(channel->config) : Result<MailSettings>(MailSettings{});
  if (!settings) return {};
  mail::TrustedServers trusted{settings->authserv_id, settings->arc_sealers};
  if (trusted.authserv_id.empty() && !settings->imap) trusted.authserv_id = parts.authserv_id;
  return trusted;
}

}  // namespace

mail::DnsText to_dns_text(net::TxtAnswer answer) {
  using Outcome = mail::DnsText::Outcome;
  switch (answer.outcome) {
    case net::TxtAnswer::Outcome::found: return {Outcome::found, std::move(answer.records)};
    case net::TxtAnswer::Outcome::absent: return {Outcome::absent, {}};
    case net::TxtAnswer::Outcome::failed: return {Outcome::failed, {}};
  }
  return {};
}

CheckSender check_sender_with(const CheckSenderParts& parts) {
  mail::FindText find_text;
  if (auto* resolver = parts.resolver)
    find_text = [resolver](const std::string& name) { return to_dns_text(resolver->find_txt(name)); };
  return [parts, find_text](const intake::Arrival& arrival, const std::string& author) {
    return mail::authenticate_sender(arrival.raw, author, trusted_by(parts, arrival), find_text);
  };
}

}  // namespace answerable::channels
