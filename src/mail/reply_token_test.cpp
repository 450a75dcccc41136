#include "mail/reply_token.h"

#include <doctest/doctest.h>

#include "mail/address.h"
#include "mail/ascii.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

const std::string key(32, 'k');

struct Fixture {
  FakeClock clock;
  WorkspaceId workspace = WorkspaceId::make(clock);
  ConversationId conversation = ConversationId::make(clock);
  std::string token = make_reply_token(key, workspace, conversation);
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a token names its conversation, in either letter case") {
  CHECK(token.size() == reply_token_bytes);
  CHECK(token == to_lower(token));
  CHECK(verify_reply_token(key, workspace, token) == conversation);
  auto shouted = token;
  for (auto& c : shouted) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  CHECK(verify_reply_token(key, workspace, shouted) == conversation);
}

TEST_CASE_FIXTURE(Fixture, "a token changed in any character is refused") {
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    CHECK_FALSE(verify_reply_token(key, workspace, changed));
  }
  CHECK_FALSE(verify_reply_token(key, workspace, token.substr(1)));
  CHECK_FALSE(verify_reply_token(key, workspace, token + "a"));
  CHECK_FALSE(verify_reply_token(key, workspace, ""));
}

TEST_CASE_FIXTURE(Fixture, "a token of another workspace or another key is refused") {
  CHECK_FALSE(verify_reply_token(key, WorkspaceId::make(clock), token));
  CHECK_FALSE(verify_reply_token(std::string(32, 'x'), workspace, token));
}

TEST_CASE_FIXTURE(Fixture, "a token travels in an address whose local part has room for it") {
  auto tagged = tag_address("help@Shop.Example", token);
  REQUIRE(tagged);
  CHECK(*tagged == "help+" + token + "@shop.example");
  CHECK(untag_address(*tagged) == "help@shop.example");
  CHECK(untag_address("help+sales@shop.example") == "help+sales@shop.example");
  CHECK(tag_address("12345678901@shop.example", token));
  auto too_long = tag_address("123456789012@shop.example", token);
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().code == "address_too_long");
}

TEST_CASE_FIXTURE(Fixture, "a token is found among recipients, then in the ids that the mail answers") {
  ParsedMessage message;
  CHECK_FALSE(find_reply_token(key, workspace, message));
  message.references = {"first@x", tag_message_id("0193", token, "shop.example"), "last@y"};
  CHECK(find_reply_token(key, workspace, message)->place == TokenPlace::references);
  message.in_reply_to = tag_message_id("0194", token, "shop.example");
  CHECK(find_reply_token(key, workspace, message)->place == TokenPlace::in_reply_to);
  message.cc = {{"", "other@shop.example"}, {"", *tag_address("help@shop.example", token)}};
  auto found = find_reply_token(key, workspace, message);
  REQUIRE(found);
  CHECK(found->place == TokenPlace::recipient);
  CHECK(found->conversation == conversation);
}

TEST_CASE_FIXTURE(Fixture, "a bounce leads to the conversation of the mail that came back") {
  ParsedMessage message;
  message.original_message_id = tag_message_id("0193", token, "shop.example");
  CHECK_FALSE(find_reply_token(key, workspace, message));
  message.bounce = true;
  CHECK(find_reply_token(key, workspace, message)->place == TokenPlace::bounced);
}
