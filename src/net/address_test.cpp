#include "net/address.h"

#include <doctest/doctest.h>

#include <vector>

using namespace answerable::net;

TEST_CASE("addresses are read in their exact form only") {
  for (auto text : {"127.0.0.1", "::1", "2001:db8::1", "::ffff:10.0.0.1"}) CHECK(IpAddress::parse(text).has_value());
  for (auto text : {"", "127.1", "0177.0.0.1", "127.0.0.1 ", "1.2.3.4.5", "fe80::1%eth0", "localhost", "::1]",
                    "0x7f000001", "2130706433"}) {
    CAPTURE(text);
    CHECK_FALSE(IpAddress::parse(text).has_value());
  }
  CHECK(IpAddress::parse("::ffff:10.0.0.1") == IpAddress::parse("10.0.0.1"));
  CHECK(IpAddress::parse("::ffff:10.0.0.1")->text() == "10.0.0.1");
  CHECK(IpAddress::parse("2001:DB8:0:0::1")->text() == "2001:db8::1");
}

TEST_CASE("only addresses of the public Internet are global, at the edges of the ranges") {
  for (auto text : {"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0",
                    "223.255.255.255", "2606:4700::1111", "2a00::1"}) {
    CAPTURE(text);
    CHECK(IpAddress::parse(text)->is_global());
  }
  for (auto text : {"0.0.0.0",
                    "0.1.2.3",
                    "10.255.255.255",
                    "127.0.0.1",
                    "127.255.255.255",
                    "169.254.169.254",
                    "172.16.0.0",
                    "172.31.255.255",
                    "192.168.1.1",
                    "100.64.0.0",
                    "100.127.255.255",
                    "192.0.2.1",
                    "198.18.0.1",
                    "224.0.0.1",
                    "240.0.0.1",
                    "255.255.255.255",
                    "::",
                    "::1",
                    "::127.0.0.1",
                    "::ffff:127.0.0.1",
                    "fe80::1",
                    "fec0::1",
                    "fd00::1",
                    "ff02::1",
                    "64:ff9b::a00:1",
                    "2002:7f00:1::",
                    "2001::1",
                    "2001:db8::1",
                    "3fff::1"}) {
    CAPTURE(text);
    CHECK_FALSE(IpAddress::parse(text)->is_global());
  }
  CHECK(IpAddress::parse("127.9.9.9")->is_loopback());
  CHECK(IpAddress::parse("169.254.0.1")->is_link_local());
  CHECK(IpAddress::parse("fd12::1")->is_private());
  CHECK(IpAddress::parse("239.1.1.1")->is_multicast());
  CHECK(IpAddress::parse("0.0.0.0")->is_unspecified());
}

TEST_CASE("ranges end at the bit, also within a byte") {
  auto range = IpRange::parse("10.1.16.0/20");
  REQUIRE(range);
  CHECK(range->contains(*IpAddress::parse("10.1.31.255")));
  CHECK_FALSE(range->contains(*IpAddress::parse("10.1.32.0")));
  CHECK_FALSE(range->contains(*IpAddress::parse("10.1.15.255")));
  CHECK(IpRange::parse("0.0.0.0/0")->contains(*IpAddress::parse("9.9.9.9")));
  CHECK_FALSE(IpRange::parse("0.0.0.0/0")->contains(*IpAddress::parse("2001:db8::1")));
  CHECK(IpRange::parse("::/0")->contains(*IpAddress::parse("9.9.9.9")));
  CHECK_FALSE(IpRange::parse("10.0.0.0/33"));
  CHECK_FALSE(IpRange::parse("10.0.0.0/"));
  CHECK_FALSE(IpRange::parse("10.0.0.0/-1"));
}

TEST_CASE("host and port are read with and without brackets, and wrong ones are refused") {
  CHECK(parse_host_port("127.0.0.1:8080")->port == 8080);
  CHECK(parse_host_port("[::1]:25")->host == "::1");
  CHECK(parse_host_port(":80")->host.empty());
  CHECK(parse_host_port("8080")->port == 8080);
  CHECK(parse_host_port("mail.example.org", std::uint16_t{25})->port == 25);
  for (auto text : {"", "host", "host:", "host:65536", "host:-1", "host:80x", "::1:80", "[::1", "[x]:80", "[::1]80"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_host_port(text).has_value());
  }
}

TEST_CASE("a forwarded address is believed only as far as our own proxies vouch for it") {
  std::vector<IpRange> ours{*IpRange::parse("10.0.0.0/8")};
  CHECK(client_address("203.0.113.9", "1.2.3.4", ours) == "203.0.113.9");
  CHECK(client_address("10.0.0.1", "1.2.3.4", ours) == "1.2.3.4");
  CHECK(client_address("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", ours) == "1.2.3.4");
  CHECK(client_address("10.0.0.1", "", ours) == "10.0.0.1");
  CHECK(client_address("10.0.0.1", "evil", ours) == "10.0.0.1");
  CHECK(client_address("10.0.0.1", "10.0.0.3, 10.0.0.2", ours) == "10.0.0.3");
}
