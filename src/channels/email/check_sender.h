// Who may be believed to have sent a mail, for each channel: mail/sender_authentication.h with the DNS and with what
// the channel's administrator trusts. Blocks for DNS answers (net/dns.h says how long): the intake's threads only.
#pragma once

#include <functional>
#include <string>

#include "intake/arrival.h"
#include "intake/channel_directory.h"
#include "mail/sender_authentication.h"
#include "net/dns.h"

namespace answerable::channels {

mail::DnsText to_dns_text(net::TxtAnswer answer);

// `author`: the address that the mail is shown with.
using CheckSender = std::function<mail::SenderAuthentication(const intake::Arrival&, const std::string& author)>;

struct CheckSenderParts {  // all outlive the result
  const intake::ChannelDirectory& channels;
  net::TxtResolver* resolver = nullptr;  // none: signatures count for nothing
  std::string authserv_id;               // of the server that hands over mail by LMTP; empty: none is trusted
};

CheckSender check_sender_with(const CheckSenderParts& parts);

}  // namespace answerable::channels
