// IP addresses, ranges and "host:port": who may be connected to, and who is connecting. Pure values, no I/O, no DNS.
#pragma once

#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::net {

// IPv4 is kept in its mapped form (::ffff:a.b.c.d), so both spellings of one address are equal.
class IpAddress {
 public:
  // The exact textual form only: no zone, no octal, no abbreviations such as "127.1".
  static std::optional<IpAddress> parse(std::string_view text);
  // Of a socket's address; none when that is no IP address, or has a zone (it is link-local).
  static std::optional<IpAddress> of(const sockaddr* address, socklen_t size);
  std::string text() const;
  bool is_v4() const;
  bool is_loopback() const;
  bool is_unspecified() const;
  bool is_link_local() const;
  bool is_private() const;  // RFC 1918, RFC 6598 (carrier NAT), RFC 4193
  bool is_multicast() const;
  // Can belong to a stranger's machine on the Internet: none of the above, no reserved, documentation or benchmark
  // range (RFC 6890), and no form that embeds such a v4 address (6to4, NAT64, Teredo). For filters of outbound calls.
  bool is_global() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  auto operator<=>(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

// What rates are counted by: a v4 address, and of a v6 address its /64, for a whole /64 is one household or company and
// an attacker has as many addresses in it as he likes. Anything else stays as it is.
std::string network_key(std::string_view address);

class IpRange {
 public:
  static std::optional<IpRange> parse(std::string_view text);  // "10.0.0.0/8", "fd00::/8", or one address
  bool contains(const IpAddress& address) const;

 private:
  IpAddress base_;
  int prefix_bits_ = 128;  // of the 128
};

struct HostPort {
  std::string host;  // a name or an address, without brackets
  std::uint16_t port = 0;
};
// "host:port", "[v6]:port", ":port" (host empty), "port"; "host" only when a default port is given.
Result<HostPort> parse_host_port(std::string_view text, std::optional<std::uint16_t> default_port = std::nullopt);

// Who really asks: the right-most address of X-Forwarded-For that is not one of our proxies, provided the peer is one.
std::string client_address(std::string_view peer, std::string_view forwarded_for, std::span<const IpRange> trusted);

}  // namespace answerable::net
