#include "conversations/start_conversation.h"

#include <doctest/doctest.h>

#include "conversations/list.h"
#include "conversations/testing.h"
#include "outbox/attempt.h"

using namespace answerable;
using namespace answerable::conversations;

TEST_CASE_FIXTURE(
    CompanyBed,
    "an agent starts a conversation, has it, and the customer's mail address is one contact with later mail") {
  NewConversation start{.channel = company.channel,
                        .channel_kind = "email",
                        .address_key = "carl@example.org",
                        .address = "carl@example.org",
                        .subject = "Your visit",
                        .text = "Hello Carl"};
  auto message = company.write([&](store::Transaction& tx) { return start_conversation(tx, company.alice, start); });
  auto item = company.read(
      [&](store::Session& session) { return load_item(session, company.workspace, message.conversation); });
  CHECK(item.assignee == company.alice.user);
  CHECK(item.message_count == 1);
  CHECK(item.number == 1);
  CHECK_FALSE(item.is_unread);
  CHECK(company.write([](store::Transaction& tx) { return outbox::claim_due(tx, "node-1", 10); })
            .at(0)
            .delivery.message.subject == "Your visit");
  auto later = company.receive({.from = "carl@example.org", .name = "Carl"});
  auto other =
      company.read([&](store::Session& session) { return load_item(session, company.workspace, later.conversation); });
  CHECK(other.contact == item.contact);
  start.channel_kind = "webchat";
  CHECK(company.error_of([&](store::Transaction& tx) { return start_conversation(tx, company.alice, start); }) ==
        "channel_cannot_start");
}
