#include "channels/email/server_address.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "channels/email/imap_session.h"
#include "channels/email/smtp_client.h"
#include "channels/testing.h"

namespace answerable::channels {
namespace {

bool is_allowed(const char* address, Reach reach) {
  return check_reach(*net::IpAddress::parse(address), reach).has_value();
}

TEST_CASE("a channel reaches the Internet, private networks where the operator allows it, and metadata never") {
  for (auto address : {"8.8.8.8", "2606:4700::1"}) {
    CAPTURE(address);
    CHECK(is_allowed(address, Reach::internet));
    CHECK(is_allowed(address, Reach::private_networks));
  }
  for (auto address : {"127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00::1"}) {
    CAPTURE(address);
    CHECK_FALSE(is_allowed(address, Reach::internet));
    CHECK(is_allowed(address, Reach::private_networks));
  }
  for (auto address :
       {"169.254.169.254", "169.254.0.1", "fe80::1", "::ffff:169.254.169.254", "0.0.0.0", "::", "224.0.0.1",
        "255.255.255.255", "100.100.100.200", "fd00:ec2::254", "192.0.0.192", "2002::1", "64:ff9b::a9fe:a9fe"}) {
    CAPTURE(address);
    CHECK_FALSE(is_allowed(address, Reach::internet));
    CHECK_FALSE(is_allowed(address, Reach::private_networks));
    CHECK(is_allowed(address, Reach::anywhere));
  }
}

TEST_CASE("neither IMAP nor SMTP connects to an address that is refused, whatever its name is") {
  std::atomic<int> connections = 0;
  ScriptedServer server([&](TestSocket&) { ++connections; });
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    CAPTURE(host);
    const MailServer at{host, server.port(), MailSecurity::none, "zoe"};
    auto session = ImapSession::connect(at, "secret", {.timeout_ms = 2'000});
    REQUIRE_FALSE(session);
    CHECK(session.error().code == "server_address_refused");
    SmtpClientOptions options;
    options.reach = Reach::internet;
    auto tried = try_smtp(at, "secret", options);
    REQUIRE_FALSE(tried);
    CHECK(tried.error().detail.find("mail.private_servers") != std::string::npos);
    auto sent = send_mail(at, "secret", {"a@x.org", {"b@x.org"}, "x\r\n"}, options);
    CHECK(sent.outcome == outbox::Outcome::retry);
    CHECK(sent.detail.find("mail.private_servers") != std::string::npos);
  }
  CHECK(connections == 0);
  auto allowed = connect_within("localhost", server.port(), Reach::private_networks, 2'000);
  REQUIRE(allowed);
  ::close(*allowed);
}

}  // namespace
}  // namespace answerable::channels
