#include "channels/email/peer_rate.h"

#include <doctest/doctest.h>

using namespace answerable;
using namespace answerable::channels;

TEST_CASE("one address hands over so many messages within a minute, and others are not counted with it") {
  FakeClock clock;
  PeerRate rate(3, clock);
  for (int i = 0; i < 3; ++i) CHECK(rate.take("192.0.2.1"));
  CHECK_FALSE(rate.take("192.0.2.1"));
  CHECK(rate.take("192.0.2.2"));
  clock.advance_ms(peer_rate_window_ms - 1);
  CHECK_FALSE(rate.take("192.0.2.1"));
  clock.advance_ms(1);
  for (int i = 0; i < 3; ++i) CHECK(rate.take("192.0.2.1"));
  CHECK_FALSE(rate.take("192.0.2.1"));
}

TEST_CASE("so many addresses are remembered; with one more the others are forgiven") {
  FakeClock clock;
  PeerRate rate(1, clock);
  for (std::size_t i = 0; i < peer_rates_max; ++i) CHECK(rate.take(std::to_string(i)));
  CHECK_FALSE(rate.take("0"));
  CHECK(rate.take("one more"));
  CHECK(rate.take("0"));
  // Those whose minute is over go first.
  for (std::size_t i = 2; i < peer_rates_max; ++i) CHECK(rate.take("again " + std::to_string(i)));
  clock.advance_ms(peer_rate_window_ms);
  CHECK(rate.take("young"));
  CHECK_FALSE(rate.take("young"));
}
