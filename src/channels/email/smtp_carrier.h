// A reply leaves as a mail: rendered once by mail/build.h, sent through a relay by libcurl. One connection a mail;
// every attempt sends the same bytes.
#pragma once

#include <optional>
#include <string>

#include "channels/email/mail_settings.h"
#include "channels/email/server_address.h"
#include "channels/oauth/access_tokens.h"
#include "intake/channel_directory.h"
#include "outbox/carrier.h"
#include "store/blobs.h"

namespace answerable::channels {

struct Relay {
  MailServer server;
  std::string password = {};  // of the installation's relay; that of a channel's own server is asked for when needed
  Reach reach = Reach::anywhere;  // of the installation's relay; that of a channel's own server is narrower
  bool is_the_channels = false;
};

struct SmtpCarrierParts {  // all outlive the carrier
  const intake::ChannelDirectory& channels;
  store::Blobs& blobs;
  std::string reply_token_key;
  std::optional<Relay> relay;  // for channels without an SMTP server of their own
  std::string hostname;        // said in EHLO
  std::int64_t connect_timeout_ms = 20'000;
  std::int64_t attempt_timeout_ms = 240'000;  // below outbox::lease_ms
  Reach reach = Reach::internet;              // of servers that channels name
  std::string ca_file = {};                   // further trusted roots; for tests and private authorities
  AccessTokens* tokens = nullptr;             // without it no channel sends by OAuth
};

// Whether the channel may try to send now: it may not when it is disabled, or when its provider gives no access to the
// server that it sends by. Deliveries wait then.
bool may_send(const intake::Channel& channel);

// The server that takes the channel's mail: its own, else the installation's; nothing when there is neither.
Result<std::optional<Relay>> find_relay(const SmtpCarrierParts& parts, const intake::Channel& channel);

// Calls `use`, Result<T>(const std::string& secret), with what signs in to the relay of the channel.
template <class F>
auto sign_in_to_relay(const SmtpCarrierParts& parts, const intake::Channel& channel, const Relay& relay, F&& use)
    -> decltype(use(std::string())) {
  if (!relay.is_the_channels) return use(relay.password);
  if (parts.tokens != nullptr) return parts.tokens->sign_in(channel, relay.server, smtp_password_name, use);
  TRY(const auto password, parts.channels.secret(channel, smtp_password_name));
  return use(password);
}

class SmtpCarrier final : public outbox::Carrier {
 public:
  SmtpCarrier(const SmtpCarrierParts& parts, ChannelId channel) : parts_(parts), channel_(channel) {}
  // Errors: invalid for an address or a text that cannot stand in a mail, unavailable "channel_gone",
  // "dkim_key_unreadable": rather late than without the signature that its domain promises.
  Result<outbox::Rendered> render(const outbox::OutboundMessage& message) override;
  outbox::SendResult send(const outbox::Delivery& delivery) override;

 private:
  // The field to stand above `raw`; empty without a selector.
  Result<std::string> sign(const intake::Channel& channel, const std::string& selector, const std::string& domain,
                           const std::string& raw, Time at) const;

  const SmtpCarrierParts& parts_;
  const ChannelId channel_;
};

}  // namespace answerable::channels
