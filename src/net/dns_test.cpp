#include "net/dns.h"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>

#include "lib/dns_server.h"

namespace answerable::net {
namespace {

using Outcome = TxtAnswer::Outcome;
using testing::DnsServer;

std::unique_ptr<TxtResolver> resolver_of(const std::string& servers, const Clock& clock, DnsOptions options = {}) {
  options.servers = servers;
  return make_txt_resolver(options, clock).value();
}

std::int64_t ms_of(const std::function<void()>& work) {
  const auto started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started).count();
}

TEST_CASE("a TXT record of several strings is found as one, and what does not exist is absent") {
  FakeClock clock;
  const std::string key(700, 'k');
  DnsServer server({{"s1._domainkey.shop.example", "p=" + key}});
  const auto resolver = resolver_of(server.address(), clock);
  const auto found = resolver->find_txt("s1._domainkey.shop.example");
  CHECK(found.outcome == Outcome::found);
  REQUIRE(found.records.size() == 1);
  CHECK(found.records[0] == "p=" + key);
  CHECK(resolver->find_txt("s2._domainkey.shop.example").outcome == Outcome::absent);
  CHECK(resolver->find_txt("").outcome != Outcome::found);
  CHECK(resolver->find_txt(std::string(300, 'a') + ".example").outcome != Outcome::found);
}

TEST_CASE("what was found is kept for five minutes of the clock, what failed for half a minute") {
  FakeClock clock;
  DnsServer server({{"_dmarc.shop.example", "v=DMARC1; p=none"}});
  const auto resolver = resolver_of(server.address(), clock);
  CHECK(resolver->find_txt("_dmarc.shop.example").outcome == Outcome::found);
  CHECK(resolver->find_txt("nothing.shop.example").outcome == Outcome::absent);
  server.stop();
  clock.advance_ms(299'999);
  CHECK(resolver->find_txt("_dmarc.shop.example").outcome == Outcome::found);
  CHECK(resolver->find_txt("nothing.shop.example").outcome == Outcome::absent);
  clock.advance_ms(1);
  CHECK(resolver->find_txt("_dmarc.shop.example").outcome == Outcome::failed);
}

TEST_CASE("a server that does not answer costs a question's time, and all together no more than the patience") {
  FakeClock clock;
  DnsServer server({{"a.example", "here"}});
  const auto resolver = resolver_of(server.address(), clock, {.question_ms_max = 400, .patience_ms = 600});
  const auto first_ms = ms_of([&] { CHECK(resolver->find_txt("a.slow.test").outcome == Outcome::failed); });
  CHECK(first_ms >= 390);
  CHECK(first_ms < 4'000);
  CHECK(ms_of([&] { CHECK(resolver->find_txt("a.slow.test").outcome == Outcome::failed); }) < 390);  // kept
  CHECK(resolver->find_txt("b.slow.test").outcome == Outcome::failed);
  CHECK(ms_of([&] { CHECK(resolver->find_txt("c.slow.test").outcome == Outcome::failed); }) < 390);  // no patience left
  CHECK(resolver->find_txt("a.example").outcome == Outcome::failed);
  clock.advance_ms(60'000);
  CHECK(resolver->find_txt("a.example").outcome == Outcome::found);
}

TEST_CASE("records beyond the limits are left out, and the memory of answers is bounded") {
  FakeClock clock;
  DnsServer server({{"fits.example", std::string(100, 'a')}, {"long.example", std::string(101, 'a')}});
  const auto resolver = resolver_of(server.address(), clock, {.kept_bytes_max = 700, .record_bytes_max = 100});
  CHECK(resolver->find_txt("fits.example").outcome == Outcome::found);
  CHECK(resolver->find_txt("long.example").outcome == Outcome::absent);
  for (int i = 0; i < 3; ++i) resolver->find_txt("no" + std::to_string(i) + ".example");
  server.stop();
  CHECK(resolver->find_txt("fits.example").outcome == Outcome::failed);  // was forgotten
}

TEST_CASE("a list of servers that cannot be read is refused, and says what one looks like") {
  FakeClock clock;
  const auto made = make_txt_resolver({.servers = "not an address"}, clock);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == "dns_servers");
}

}  // namespace
}  // namespace answerable::net
