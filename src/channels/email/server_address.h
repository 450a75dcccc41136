// Which servers a channel may name. An administrator of one workspace names host and port and this machine connects, so
// it must not become a way into the operator's network. The one rule for IMAP and SMTP; it judges the address that is
// connected to, not the name. Described in docs/operations/mail-servers.md.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "base/result.h"
#include "net/address.h"

namespace answerable::channels {

enum class Reach : std::uint8_t {
  internet,          // global addresses
  private_networks,  // this machine and private ranges too: the operator allows it
  anywhere,          // the operator named the server
};

// Link-local addresses and those of cloud metadata services are refused under both of the first. Errors: denied
// "server_address_refused", whose detail says what the operator can do; for a socket address that is no IP address, or
// one with a zone (it is link-local), denied too.
Status check_reach(const net::IpAddress& address, Reach reach);
Status check_reach(const sockaddr* address, socklen_t size, Reach reach);

// A connected TCP socket, which the caller closes. Tries each allowed address of the host. Blocks. Errors: unavailable
// "server_unreachable", denied "server_address_refused".
Result<int> connect_within(const std::string& host, std::uint16_t port, Reach reach, std::int64_t timeout_ms);

}  // namespace answerable::channels
