#include "app/check_configuration.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/ledger_holders.h"
#include "app/sender_resolver.h"
#include "mail/address.h"
#include "net/address.h"
#include "net/clamd.h"

namespace answerable::app {

namespace {

template <std::size_t N>
Status one_of(std::string_view key, const std::string& value, const std::array<std::string_view, N>& allowed) {
  if (std::ranges::find(allowed, value) != allowed.end()) return {};
  return fail(ErrorKind::invalid, "configuration_value",
              fmt::format("{} is \"{}\"; it must be one of: {}.", key, value, fmt::join(allowed, ", ")));
}

Status within(std::string_view key, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value >= least && value <= most) return {};
  return fail(ErrorKind::invalid, "configuration_value",
              fmt::format("{} is {}; it must be {} to {}.", key, value, least, most));
}

Status wrong(std::string_view key, std::string_view value, std::string_view expected) {
  return fail(ErrorKind::invalid, "configuration_value", fmt::format("{} is \"{}\"; {}.", key, value, expected));
}

Status is_listen_address(std::string_view key, const std::string& value) {
  const auto address = net::parse_host_port(value);
  if (address && net::IpAddress::parse(address->host)) return {};
  return wrong(key, value, "write address:port, for example 127.0.0.1:8080 or [::1]:8080");
}

bool is_domain(const std::string& text) { return mail::is_valid_address("id@" + text); }

// Links, cookies and the origin of requests are made of it, so it must be all there is.
Status is_public_url(std::string_view key, const std::string& value) {
  const std::string_view url(value);
  const auto host = url.starts_with("https://") ? url.substr(8) : url.starts_with("http://") ? url.substr(7) : "";
  if (const auto parts = net::parse_host_port(host, std::uint16_t{443}); parts && !parts->host.empty()) {
    if (net::IpAddress::parse(parts->host) || is_domain(parts->host)) return {};
  }
  return wrong(key, value, "write http:// or https:// and the host, without a path: https://desk.example");
}

Status is_mail_address_or_empty(std::string_view key, const std::string& value) {
  if (value.empty() || mail::is_valid_address(value)) return {};
  return wrong(key, value, "write a mail address, or nothing");
}

Status check_places(const Configuration& c) {
  TRY_STATUS(is_listen_address("server.listen", c.listen));
  if (!c.lmtp_listen.empty()) TRY_STATUS(is_listen_address("mail.lmtp_listen", c.lmtp_listen));
  if (!c.smtp_listen.empty()) TRY_STATUS(is_listen_address("mail.smtp_listen", c.smtp_listen));
  TRY_STATUS(is_public_url("server.public_url", c.public_url));
  if (!is_domain(c.mail_domain))
    return wrong("mail.domain", c.mail_domain, "write the name of a domain, for example desk.example");
  if (const auto clamd = net::parse_clamd_address(c.malware_clamd); !c.malware_clamd.empty() && !clamd)
    return wrong("malware.clamd", c.malware_clamd, "write unix:/run/clamav/clamd.ctl or host:port");
  if (!sender_resolver(c, SystemClock{}))
    return wrong("mail.dns_servers", c.mail_dns_servers, "write addresses and ports, as in 127.0.0.1:53,[::1]:53");
  TRY_STATUS(is_mail_address_or_empty("server.security_address", c.security_address));
  TRY_STATUS(is_mail_address_or_empty("mail.account_sender", c.account_sender));
  return is_mail_address_or_empty("ledger.mail_to", c.ledger_mail_to);
}

}  // namespace

Status check_configuration(const Configuration& c) {
  TRY_STATUS(check_places(c));
  TRY_STATUS(one_of("database.engine", c.database_engine, std::array<std::string_view, 2>{"sqlite", "postgres"}));
  TRY_STATUS(
      one_of("mail.relay.security", c.relay_security, std::array<std::string_view, 3>{"tls", "starttls", "none"}));
  TRY_STATUS(one_of("log.level", c.log_level, std::array<std::string_view, 4>{"debug", "info", "warning", "error"}));
  TRY_STATUS(one_of("log.format", c.log_format, std::array<std::string_view, 3>{"auto", "text", "json"}));
  TRY_STATUS(within("server.worker_threads", c.worker_threads, 2, 64));
  TRY_STATUS(within("server.attempts_patience", c.attempts_patience, 1, 1'000));
  TRY_STATUS(within("server.connections_per_address", c.connections_per_address, 1, 20'000));
  for (const auto& [key, value] : {std::pair("limits.read_per_minute", c.read_per_minute),
                                   std::pair("limits.write_per_minute", c.write_per_minute),
                                   std::pair("limits.search_per_minute", c.search_per_minute),
                                   std::pair("limits.upload_per_minute", c.upload_per_minute),
                                   std::pair("limits.export_per_minute", c.export_per_minute),
                                   std::pair("limits.sign_in_per_minute", c.sign_in_per_minute)})
    TRY_STATUS(within(key, value, 1, 100'000'000));
  TRY_STATUS(within("limits.workspace_times", c.workspace_times, 1, 1'000));
  TRY_STATUS(within("mail.messages_per_peer", c.messages_per_peer, 1, 100'000'000));
  TRY_STATUS(within("database.readers", c.database_readers, 1, 64));
  TRY_STATUS(within("mail.relay.port", c.relay_port, 1, 65'535));
  TRY_STATUS(within("mail.message_bytes_max", c.message_bytes_max, 64 * 1024, 100 * 1024 * 1024));
  TRY_STATUS(within("mail.free_bytes_min", c.free_bytes_min, 0, std::int64_t{1} << 50));
  TRY_STATUS(within("ledger.mail_every_hours", c.ledger_mail_every_hours, 1, 8'760));
  TRY_STATUS(parse_witnesses(c.ledger_witnesses));
  TRY_STATUS(parse_proxies(c.trusted_proxies));
  if (!c.mail_ca_file.empty() && ::access(c.mail_ca_file.c_str(), R_OK) != 0)
    return fail(ErrorKind::invalid, "configuration_value",
                fmt::format("mail.ca_file: {} cannot be read.", c.mail_ca_file));
  if (c.database_engine == "postgres" && c.database_url_file.empty())
    return fail(ErrorKind::invalid, "configuration_value",
                "database.engine is postgres: set database.url_file to a file with the connection string.");
  if (c.tls_certificate_file.empty() != c.tls_key_file.empty())
    return fail(ErrorKind::invalid, "configuration_value",
                "server.tls_certificate_file and server.tls_key_file go together: set both or neither.");
  return {};
}

}  // namespace answerable::app
