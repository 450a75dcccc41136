// The resolver of mail.dns_servers.
#pragma once

#include <memory>

#include "app/configuration.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/dns.h"

namespace answerable::app {

// Nothing for "none". `clock` outlives it. Errors: invalid "dns_servers".
inline Result<std::unique_ptr<net::TxtResolver>> sender_resolver(const Configuration& configuration,
                                                                 const Clock& clock) {
  if (configuration.mail_dns_servers == "none") return nullptr;
  return net::make_txt_resolver({.servers = configuration.mail_dns_servers}, clock);
}

}  // namespace answerable::app
