#include "conversations/send_automatic.h"

#include <doctest/doctest.h>

#include "conversations/list.h"
#include "conversations/send_reply.h"
#include "conversations/testing.h"
#include "conversations/thread.h"
#include "outbox/attempt.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

struct Bed : CompanyBed {
  Appended arrived = company.receive({.subject = "Late", .external_id = "q1@mail.example"});

  ConversationItem item() {
    return company.read(
        [&](store::Session& session) { return load_item(session, company.alice.workspace, arrived.conversation); });
  }
  void acknowledge() {
    const auto before = item();
    company.write([&](store::Transaction& tx) -> Result<bool> {
      TRY_STATUS(send_automatic(tx, company.alice.workspace, before,
                                {.to = "anna@example.org", .subject = "Here", .text = "It is here."}));
      return true;
    });
  }
  std::vector<Message> messages() {
    return company
        .read([&](store::Session& session) { return open_conversation(session, company.alice, arrived.conversation); })
        .newest.messages;
  }
  NewReply reply(MessageId seen) const {
    return {.conversation = arrived.conversation, .text = "On its way.", .if_last_message = seen};
  }
};

}  // namespace

TEST_CASE("an automatic message leaves, and the conversation waits as before") {
  Bed bed;
  const auto before = bed.item();
  bed.clock.advance_ms(1'000);
  bed.acknowledge();
  const auto after = bed.item();
  CHECK(after.is_unread);
  CHECK(after.message_count == before.message_count + 1);
  CHECK(after.version > before.version);
  CHECK(after.preview == before.preview);
  CHECK(after.last_message == before.last_message);
  CHECK(after.last_message_at == before.last_message_at);
  CHECK(after.last_message_direction == Direction::inbound);
  const auto message = bed.messages().back();
  CHECK(message.is_auto_submitted);
  CHECK(message.author.kind == "system");
  CHECK(message.state == "queued");
  auto due = bed.company.write([](store::Transaction& tx) { return outbox::claim_due(tx, "node-1", 10); });
  REQUIRE(due.size() == 1);
  const auto& out = due[0].delivery.message;
  CHECK(out.auto_submitted);
  CHECK(out.recipient_name == "");
  CHECK(out.subject == "Here");
  CHECK(out.in_reply_to == "q1@mail.example");
}

TEST_CASE("who has seen what the customer wrote may answer, with the automatic message after it or without") {
  for (const std::size_t seen : {0, 1}) {
    Bed bed;
    bed.acknowledge();
    const auto last = bed.messages().at(seen).id;
    CHECK(bed.company.error_of(
              [&](store::Transaction& tx) { return send_reply(tx, bed.company.alice, bed.reply(last)); }) == "");
  }
}

TEST_CASE("a reply to less than all is refused, whatever the system answered") {
  Bed bed;
  bed.acknowledge();
  const auto seen = bed.messages().back().id;
  bed.company.receive({.subject = "Late", .conversation = bed.arrived.conversation, .external_id = "q2@mail.example"});
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return send_reply(tx, bed.company.alice, bed.reply(seen));
  }) == "newer_message");
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return send_reply(tx, bed.company.alice, bed.reply(MessageId::make(bed.clock)));
  }) == "newer_message");
}
