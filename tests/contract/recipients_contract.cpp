// Copies, third parties and folding on both engines.
#include <doctest/doctest.h>

#include "contract/engines.h"
#include "conversations/fold_message.h"
#include "conversations/forward.h"
#include "conversations/join.h"
#include "conversations/match.h"
#include "conversations/participants.h"
#include "conversations/send_reply.h"
#include "conversations/snooze.h"
#include "conversations/testing.h"
#include "conversations/thread.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

void on_each(const std::function<void(Company&)>& test) {
  contract::on_each_engine(ANSWERABLE_CONVERSATION_SCHEMAS, [&](contract::Bed& bed) {
    Company company(bed.db(), bed.clock);
    test(company);
  });
}

std::vector<Message> read(Company& company, ConversationId id) {
  return company.read([&](store::Session& session) { return open_conversation(session, company.alice, id); })
      .newest.messages;
}

bool takes(Company& company, ConversationId id, std::string_view address) {
  return company.read([&](store::Session& session) { return takes_part(session, company.workspace, id, address); });
}

}  // namespace

TEST_CASE("blind copies and third parties are kept, and take part until what they got is taken back, on both engines") {
  on_each([](Company& company) {
    const auto first = company.receive({.subject = "Lamp", .text = "Broken.\n> What?", .reply_text = "Broken."});
    const auto id = first.conversation;
    auto forwarded = company.write([&](store::Transaction& tx) {
      return forward(tx, company.alice, {.message = first.message, .to = {"maker@example.net"}, .undo_seconds = 10});
    });
    CHECK(takes(company, id, "Maker@example.net"));
    company.write([&](store::Transaction& tx) { return undo_send(tx, company.alice, forwarded.id); });
    CHECK_FALSE(takes(company, id, "maker@example.net"));
    company.write([&](store::Transaction& tx) {
      return send_reply(tx, company.alice, {.conversation = id, .text = "Soon", .bcc = {"boss@example.net"}});
    });
    CHECK(takes(company, id, "boss@example.net"));
    company.receive({.from = "boss@example.net", .text = "Hm.", .conversation = id});
    const auto messages = read(company, id);
    REQUIRE(messages.size() == 4);
    CHECK(messages[1].forwarded == first.message);
    CHECK(messages[2].bcc == std::vector<std::string>{"boss@example.net"});
    CHECK_FALSE(messages[2].is_third_party);
    CHECK(messages[3].is_third_party);
    const auto sides =
        company.read([&](store::Session& session) { return load_participants(session, company.workspace, id); });
    CHECK(sides.is_customer_side("anna@example.org"));
    CHECK(sides.is_third_party("Boss@example.net"));
    CHECK_FALSE(sides.is_third_party("maker@example.net"));
  });
}

TEST_CASE("what joins and began with a third party is all of a third party, on both engines") {
  on_each([](Company& company) {
    const auto first = company.receive({.subject = "Lamp", .external_id = "a@x"});
    const auto target = first.conversation;
    const auto forwarded = company.write([&](store::Transaction& tx) {
      return forward(tx, company.alice, {.message = first.message, .to = {"maker@example.net"}, .text = "Help"});
    });
    CHECK(forwarded.is_third_party);
    const auto other = company.receive({.from = "maker@example.net",
                                        .subject = "Re: Fwd: Lamp",
                                        .suggestion = NewSuggestion{target, "reference", "unproven"}});
    company.write([&](store::Transaction& tx) {
      return send_reply(tx, company.bob, {.conversation = other.conversation, .text = "Who are you?"});
    });
    company.write([&](store::Transaction& tx) { return join_suggested(tx, company.bob, other.conversation); });
    const auto messages = read(company, target);
    REQUIRE(messages.size() == 4);
    CHECK_FALSE(messages[0].is_third_party);
    CHECK(messages[2].is_third_party);
    CHECK(messages[3].is_third_party);
    const auto reply = company.write([&](store::Transaction& tx) {
      return send_reply(tx, company.alice, {.conversation = target, .text = "Tomorrow."});
    });
    CHECK(reply.to == std::vector<std::string>{"anna@example.org"});
  });
}

TEST_CASE("how a message is folded, and a snooze that a reply ended, are kept on both engines") {
  on_each([](Company& company) {
    const auto first = company.receive({.text = "Broken.\n> What?", .reply_text = "Broken."});
    const auto id = first.conversation;
    auto fold = [&](std::optional<std::int64_t> lines) {
      return company.write(
          [&](store::Transaction& tx) { return fold_message(tx, company.alice, first.message, lines); });
    };
    CHECK(fold(0).reply_text == "Broken.\n> What?");
    CHECK(fold(1).reply_text == "Broken.");
    CHECK(read(company, id)[0].shown_lines == 1);
    CHECK_FALSE(fold(std::nullopt).shown_lines);
    const auto until = company.clock().now() + 60'000;
    company.write([&](store::Transaction& tx) { return snooze(tx, company.alice, id, until); });
    const auto reply = company.write([&](store::Transaction& tx) {
      return send_reply(tx, company.alice,
                        {.conversation = id, .text = "Soon", .undo_seconds = 10, .should_close = true});
    });
    company.write([&](store::Transaction& tx) { return undo_send(tx, company.alice, reply.id); });
    const auto item =
        company.read([&](store::Session& session) { return open_conversation(session, company.alice, id); }).item;
    CHECK(item.status == ConversationStatus::snoozed);
    CHECK(item.snoozed_until == until);
  });
}
