#include "intake/match.h"

#include <doctest/doctest.h>

#include <array>

#include "base/clock.h"

namespace answerable::intake {
namespace {

using Kind = Evidence::Kind;

TEST_CASE("a signed token beats the channel's thread, which beats references") {
  FakeClock clock;
  auto a = ConversationId::make(clock);
  auto b = ConversationId::make(clock);
  auto c = ConversationId::make(clock);
  std::array all{Evidence{Kind::reference, a, true}, Evidence{Kind::channel_thread, b, true},
                 Evidence{Kind::reply_token, c, true}};
  CHECK(choose_conversation(all) == c);
  CHECK(choose_conversation(std::span(all).first(2)) == b);
  CHECK(choose_conversation(std::span(all).first(1)) == a);
}

TEST_CASE("a reference counts only for somebody who takes part in that conversation") {
  FakeClock clock;
  auto a = ConversationId::make(clock);
  auto b = ConversationId::make(clock);
  std::array forged{Evidence{Kind::reference, a, false}};
  CHECK_FALSE(choose_conversation(forged));
  std::array second_is_own{Evidence{Kind::reference, a, false}, Evidence{Kind::reference, b, true}};
  CHECK(choose_conversation(second_is_own) == b);
  CHECK_FALSE(choose_conversation({}));
}

TEST_CASE("a token counts only for somebody who takes part: it travels with mail that is forwarded") {
  FakeClock clock;
  auto a = ConversationId::make(clock);
  auto b = ConversationId::make(clock);
  std::array forwarded{Evidence{Kind::reply_token, a, false}};
  CHECK_FALSE(choose_conversation(forwarded));
  std::array with_own_reference{Evidence{Kind::reply_token, a, false}, Evidence{Kind::reference, b, true}};
  CHECK(choose_conversation(with_own_reference) == b);
}

TEST_CASE("of several references the first, which is the newest, decides") {
  FakeClock clock;
  auto a = ConversationId::make(clock);
  auto b = ConversationId::make(clock);
  std::array both{Evidence{Kind::reference, a, true}, Evidence{Kind::reference, b, true}};
  CHECK(choose_conversation(both) == a);
}

}  // namespace
}  // namespace answerable::intake
