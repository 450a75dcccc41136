#include "net/address.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

namespace answerable::net {

namespace {

constexpr int v4_prefix_bits = 96;

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t max) {
  std::uint32_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > max) return std::nullopt;
  return number;
}

bool in_any(const IpAddress& address, std::initializer_list<const char*> ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const char* text) {
    auto range = IpRange::parse(text);
    return range && range->contains(address);
  });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<IpAddress> IpAddress::of(const sockaddr* address, socklen_t size) {
  char text[NI_MAXHOST] = "";
  if (::getnameinfo(address, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) return std::nullopt;
  return parse(text);
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  IpAddress address;
  std::string terminated(text);
  if (terminated.size() > INET6_ADDRSTRLEN || terminated.find('\0') != std::string::npos) return std::nullopt;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
  address.bytes_ = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data() + 12) == 1) return address;
  return std::nullopt;
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (is_v4()) {
    inet_ntop(AF_INET, bytes_.data() + 12, buffer, sizeof buffer);
  } else {
    inet_ntop(AF_INET6, bytes_.data(), buffer, sizeof buffer);
  }
  return buffer;
}

bool IpAddress::is_v4() const {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(mapped.begin(), mapped.end(), bytes_.begin());
}

bool IpAddress::is_loopback() const { return in_any(*this, {"127.0.0.0/8", "::1"}); }
bool IpAddress::is_unspecified() const { return in_any(*this, {"0.0.0.0", "::"}); }
bool IpAddress::is_link_local() const { return in_any(*this, {"169.254.0.0/16", "fe80::/10"}); }
bool IpAddress::is_private() const {
  return in_any(*this, {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"});
}
bool IpAddress::is_multicast() const { return in_any(*this, {"224.0.0.0/4", "ff00::/8"}); }

bool IpAddress::is_global() const {
  if (is_loopback() || is_unspecified() || is_link_local() || is_private() || is_multicast()) return false;
  if (is_v4()) {
    return !in_any(*this, {"0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
                           "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4"});
  }
  // Only 2000::/3 is given out; within it some blocks are special, and some carry a v4 address that a gateway would
  // use.
  return in_any(*this, {"2000::/3"}) && !in_any(*this, {"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"});
}

std::string network_key(std::string_view address) {
  const auto parsed = IpAddress::parse(address);
  if (!parsed || parsed->is_v4()) return std::string(address);
  constexpr std::size_t network_bytes = 8;
  return std::string(reinterpret_cast<const char*>(parsed->bytes().data()), network_bytes);
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
  auto slash = text.find('/');
  auto base = IpAddress::parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  IpRange range;
  range.base_ = *base;
  if (slash == std::string_view::npos) return range;
  bool v4 = text.find(':') == std::string_view::npos;
  auto bits = parse_number(text.substr(slash + 1), v4 ? 32 : 128);
  if (!bits) return std::nullopt;
  range.prefix_bits_ = static_cast<int>(*bits) + (v4 ? v4_prefix_bits : 0);
  return range;
}

bool IpRange::contains(const IpAddress& address) const {
  auto whole = static_cast<std::size_t>(prefix_bits_ / 8);
  if (std::memcmp(base_.bytes().data(), address.bytes().data(), whole) != 0) return false;
  int left = prefix_bits_ % 8;
  if (left == 0) return true;
  auto mask = static_cast<std::uint8_t>(0xFF << (8 - left));
  return (base_.bytes()[whole] & mask) == (address.bytes()[whole] & mask);
}

Result<HostPort> parse_host_port(std::string_view text, std::optional<std::uint16_t> default_port) {
  auto wrong = [&] {
    return fail(ErrorKind::invalid, "bad_address",
                "'" + std::string(text) + "' is not an address: write host:port, for example 127.0.0.1:8080");
  };
  HostPort address;
  std::string_view port;
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos || !IpAddress::parse(text.substr(1, end - 1))) return wrong();
    address.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && !port.starts_with(':')) return wrong();
  } else if (parse_number(text, 65'535)) {
    address.port = static_cast<std::uint16_t>(*parse_number(text, 65'535));
    return address;
  } else {
    auto colon = text.find(':');
    if (colon != text.rfind(':')) return wrong();  // an IPv6 address without brackets is ambiguous
    address.host = text.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  if (port.empty()) {
    if (!default_port || address.host.empty()) return wrong();
    address.port = *default_port;
    return address;
  }
  auto number = parse_number(port.substr(1), 65'535);
  if (!number) return wrong();
  address.port = static_cast<std::uint16_t>(*number);
  return address;
}

std::string client_address(std::string_view peer, std::string_view forwarded_for, std::span<const IpRange> trusted) {
  auto is_ours = [&](std::string_view text) {
    auto address = IpAddress::parse(text);
    return address && std::any_of(trusted.begin(), trusted.end(), [&](const auto& r) { return r.contains(*address); });
  };
  std::string client(peer);
  while (is_ours(client) && !forwarded_for.empty()) {
    auto comma = forwarded_for.rfind(',');
    auto last = trim(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    auto address = IpAddress::parse(last);
    if (!address) return client;  // not an address: the last proxy that we know is the best answer
    client = address->text();
    forwarded_for = comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
  }
  return client;
}

}  // namespace answerable::net
