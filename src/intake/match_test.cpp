#include "intake/match.h"

#include <doctest/doctest.h>

#include <array>

#include "base/clock.h"

namespace answerable::intake {
namespace {

using Kind = Evidence::Kind;
using Verdict = mail::SenderAuthentication::Verdict;

const Sender proven{.verdict = Verdict::pass};
const Sender unproven{};

TEST_CASE("a signed token beats the channel's thread, which beats references") {
  FakeClock clock;
  auto a = ConversationId::make(clock);
  auto b = ConversationId::make(clock);
  auto c = ConversationId::make(clock);
  std::array all{Evidence{Kind::reference, a, true}, Evidence{Kind::channel_thread, b, true},
                 Evidence{Kind::reply_token, c, true}};
  CHECK(choose_conversation(all, proven).conversation == c);
  CHECK(choose_conversation(std::span(all).first(2), proven).conversation == b);
  CHECK(choose_conversation(std::span(all).first(1), proven).conversation == a);
  CHECK(choose_conversation(std::span(all).first(1), proven).by.kind == Kind::reference);
}

TEST_CASE("tokens and references count only for somebody who takes part: else they are suggested") {
  FakeClock clock;
  auto a = ConversationId::make(clock);
  auto b = ConversationId::make(clock);
  for (auto kind : {Kind::reply_token, Kind::reference}) {
    std::array forwarded{Evidence{kind, a, false}};
    const auto match = choose_conversation(forwarded, proven);
    CHECK_FALSE(match.conversation);
    REQUIRE(match.suggested);
    CHECK(match.suggested->conversation == a);
    CHECK(match.weakness == Weakness::stranger);
  }
  std::array with_own_reference{Evidence{Kind::reply_token, a, false}, Evidence{Kind::reference, b, true}};
  CHECK(choose_conversation(with_own_reference, proven).conversation == b);
  CHECK_FALSE(choose_conversation(with_own_reference, proven).suggested);
  CHECK_FALSE(choose_conversation({}, proven).suggested);
}

TEST_CASE("a reference wants a proven sender, whatever else is known") {
  FakeClock clock;
  const Evidence own{Kind::reference, ConversationId::make(clock), true};
  CHECK(weakness_of(own, proven) == Weakness::none);
  CHECK(weakness_of(own, unproven) == Weakness::unproven);
  CHECK(weakness_of(own, {.verdict = Verdict::temporary}) == Weakness::unreachable);
  CHECK(weakness_of(own, {.verdict = Verdict::fail}) == Weakness::disowned);
  CHECK(weakness_of(own, {.verdict = Verdict::none, .is_report = true}) == Weakness::unproven);
}

TEST_CASE("a token is enough of somebody who was never proven, not of a sender who is disowned or used to be proven") {
  FakeClock clock;
  const Evidence token{Kind::reply_token, ConversationId::make(clock), true};
  CHECK(weakness_of(token, unproven) == Weakness::none);
  CHECK(weakness_of(token, {.verdict = Verdict::temporary}) == Weakness::none);
  CHECK(weakness_of(token, {.verdict = Verdict::fail}) == Weakness::disowned);
  CHECK(weakness_of(token, {.verdict = Verdict::none, .was_proven_before = true}) == Weakness::no_longer_proven);
  CHECK(weakness_of(token, {.verdict = Verdict::temporary, .was_proven_before = true}) == Weakness::unreachable);
  CHECK(weakness_of(token, {.verdict = Verdict::pass, .was_proven_before = true}) == Weakness::none);
  CHECK(weakness_of(token, {.verdict = Verdict::fail, .is_report = true}) == Weakness::none);
}

TEST_CASE("of several references the first, which is the newest, decides") {
  FakeClock clock;
  auto a = ConversationId::make(clock);
  auto b = ConversationId::make(clock);
  std::array both{Evidence{Kind::reference, a, true}, Evidence{Kind::reference, b, true}};
  CHECK(choose_conversation(both, proven).conversation == a);
  CHECK(choose_conversation(both, unproven).suggested->conversation == a);
}

}  // namespace
}  // namespace answerable::intake
