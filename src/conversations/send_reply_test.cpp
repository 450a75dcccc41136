#include "conversations/send_reply.h"

#include <doctest/doctest.h>

#include "conversations/add_note.h"
#include "conversations/attachments.h"
#include "conversations/drafts.h"
#include "conversations/list.h"
#include "conversations/snooze.h"
#include "conversations/testing.h"
#include "conversations/thread.h"
#include "outbox/attempt.h"
#include "outbox/settle.h"
#include "policy/suspend.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

struct Bed : CompanyBed {
  Appended arrived = company.receive({.subject = "Late", .external_id = "q1@mail.example"});

  Message reply(NewReply reply) {
    reply.conversation = arrived.conversation;
    return company.write([&](store::Transaction& tx) { return send_reply(tx, company.alice, reply); });
  }
  std::string reply_error(NewReply reply) {
    reply.conversation = arrived.conversation;
    return company.error_of([&](store::Transaction& tx) { return send_reply(tx, company.alice, reply); });
  }
  OpenConversation open() {
    return company.read(
        [&](store::Session& session) { return open_conversation(session, company.alice, arrived.conversation); });
  }
  std::vector<outbox::Claimed> claim() {
    return company.write([](store::Transaction& tx) { return outbox::claim_due(tx, "node-1", 10); });
  }
  std::string undo_error(MessageId id, const access::Actor& actor) {
    return company.error_of([&](store::Transaction& tx) { return undo_send(tx, actor, id); });
  }
};

}  // namespace

TEST_CASE("a reply is queued for the customer with subject, thread and text, in one event and one ledger entry") {
  Bed bed;
  auto before = bed.company.last_seq();
  auto message = bed.reply({.text = "On its way."});
  CHECK(message.state == "queued");
  CHECK(message.direction == Direction::outbound);
  CHECK(message.author.name == "Alice");
  CHECK(message.to == std::vector<std::string>{"anna@example.org"});
  CHECK_FALSE(message.undo_until);
  auto events = bed.company.events(before);
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == "message_added");
  CHECK(events[0].message == message.id);
  auto claimed = bed.claim();
  REQUIRE(claimed.size() == 1);
  const auto& out = claimed[0].delivery.message;
  CHECK(out.message == message.id);
  CHECK(out.subject == "Re: Late");
  CHECK(out.text == "On its way.");
  CHECK(out.author_name == "Alice");
  CHECK(out.in_reply_to == "q1@mail.example");
  CHECK(out.references == std::vector<std::string>{"q1@mail.example"});
  CHECK_FALSE(bed.open().item.is_unread);
}

TEST_CASE("a second reply refers to the first by the id under which it left, and does not overtake it") {
  Bed bed;
  auto first = bed.reply({.text = "One.", .undo_seconds = 10});
  auto second = bed.reply({.text = "Two."});
  CHECK(bed.claim().empty());
  bed.clock.advance_ms(10'000);
  auto claimed = bed.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].delivery.message.message == first.id);
  outbox::Rendered rendered{.bytes = "bytes", .external_id = "r1@acme.example"};
  bed.company.write([&](store::Transaction& tx) {
    return outbox::begin_attempt(tx, {.delivery = claimed[0].delivery.id,
                                      .workspace = bed.company.workspace,
                                      .fence = claimed[0].delivery.fence,
                                      .rendered = &rendered});
  });
  CHECK(bed.claim().empty());
  bed.company.write([&](store::Transaction& tx) {
    return outbox::record_attempt(tx, {.workspace = bed.company.workspace,
                                       .delivery = claimed[0].delivery.id,
                                       .fence = claimed[0].delivery.fence,
                                       .result = {.outcome = outbox::Outcome::sent}});
  });
  claimed = bed.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].delivery.message.message == second.id);
  bed.reply({.text = "Three."});
  auto opened = bed.open();
  CHECK(opened.newest.messages[1].state == "sent");
  CHECK(opened.newest.messages[1].external_id == "r1@acme.example");
  CHECK(opened.newest.messages[2].state == "sending");
}

TEST_CASE("a reply can be taken back by its author until the last moment, and comes back as a draft") {
  Bed bed;
  auto message = bed.reply({.text = "Oops", .undo_seconds = 10, .should_close = true});
  CHECK(message.undo_until == bed.clock.now() + 10'000);
  CHECK(bed.open().item.status == ConversationStatus::closed);
  bed.clock.advance_ms(9'999);
  CHECK(bed.undo_error(message.id, bed.company.bob) == "not_allowed");
  auto undone = bed.company.write([&](store::Transaction& tx) { return undo_send(tx, bed.company.alice, message.id); });
  CHECK(undone.state == "cancelled");
  auto opened = bed.open();
  REQUIRE(opened.draft);
  CHECK(opened.draft->text == "Oops");
  CHECK(opened.item.status == ConversationStatus::open);
  CHECK(opened.item.preview == "Where is my order?");
  CHECK(opened.item.last_message == bed.arrived.message);
  CHECK(bed.undo_error(message.id, bed.company.alice) == "too_late");
  bed.clock.advance_ms(60'000);
  CHECK(bed.claim().empty());
}

TEST_CASE("a snooze that a reply ended is there again when the reply is taken back, unless its time has come") {
  for (const bool is_over : {false, true}) {
    Bed bed;
    const auto until = bed.clock.now() + (is_over ? 5'000 : 9'000);
    bed.company.write(
        [&](store::Transaction& tx) { return snooze(tx, bed.company.alice, bed.arrived.conversation, until); });
    auto message = bed.reply({.text = "Oops", .undo_seconds = 10, .should_close = true});
    CHECK(bed.open().item.status == ConversationStatus::closed);
    bed.clock.advance_ms(5'000);
    bed.company.write([&](store::Transaction& tx) { return undo_send(tx, bed.company.alice, message.id); });
    const auto item = bed.open().item;
    CHECK(item.status == (is_over ? ConversationStatus::open : ConversationStatus::snoozed));
    CHECK(item.snoozed_until == (is_over ? std::nullopt : std::optional(until)));
    auto page = bed.company.read([&](store::Session& session) {
      return list_conversations(session, bed.company.alice, {.view = View::snoozed}, std::nullopt, 10);
    });
    CHECK(page.total == (is_over ? 0 : 1));
  }
}

TEST_CASE("a reply that was taken back can be sent again with its files") {
  Bed bed;
  auto file = bed.company.write([&](store::Transaction& tx) {
    return create_upload(tx, bed.company.alice,
                         {.filename = "invoice.pdf", .content_type = "application/pdf", .size = 12});
  });
  auto message = bed.reply({.text = "Oops", .attachments = {file.id}, .undo_seconds = 10});
  auto undone = bed.company.write([&](store::Transaction& tx) { return undo_send(tx, bed.company.alice, message.id); });
  CHECK(undone.attachments.empty());
  CHECK(bed.reply({.text = "Right", .attachments = {file.id}}).attachments.size() == 1);
}

TEST_CASE("after the undo window, and while it is being sent, a reply cannot be taken back") {
  Bed bed;
  auto message = bed.reply({.text = "Sent", .undo_seconds = 10});
  bed.clock.advance_ms(10'000);
  CHECK(bed.undo_error(message.id, bed.company.alice) == "too_late");
  REQUIRE(bed.claim().size() == 1);
  CHECK(bed.undo_error(message.id, bed.company.alice) == "too_late");
  CHECK(bed.undo_error(bed.arrived.message, bed.company.alice) == "not_allowed");
}

TEST_CASE("text written since an undone reply was sent is kept after it") {
  Bed bed;
  auto message = bed.reply({.text = "First", .undo_seconds = 10});
  bed.company.write([&](store::Transaction& tx) {
    return save_draft(tx, bed.company.alice, bed.arrived.conversation, "Second", "reply");
  });
  bed.company.write([&](store::Transaction& tx) { return undo_send(tx, bed.company.alice, message.id); });
  CHECK(bed.open().draft->text == "First\n\nSecond");
}

TEST_CASE("a reply is refused when somebody wrote meanwhile, when it is empty, too long or asks for too much") {
  Bed bed;
  CHECK(bed.reply_error({.text = "x", .if_last_message = bed.arrived.message}) == "");
  CHECK(bed.reply_error({.text = "x", .if_last_message = bed.arrived.message}) == "newer_message");
  CHECK(bed.reply_error({.text = " \n\t"}) == "empty_text");
  CHECK(bed.reply_error({.text = std::string(message_text_max_bytes, 'x')}) == "");
  CHECK(bed.reply_error({.text = std::string(message_text_max_bytes + 1, 'x')}) == "text_too_long");
  CHECK(bed.reply_error({.text = "x", .undo_seconds = 30}) == "");
  CHECK(bed.reply_error({.text = "x", .undo_seconds = 31}) == "bad_undo_seconds");
  CHECK(bed.reply_error({.text = "x", .undo_seconds = -1}) == "bad_undo_seconds");
  const std::vector<std::string> forty(40, "c@x.example"), twenty(20, "c@x.example");
  CHECK(bed.reply_error({.text = "x", .to = forty, .cc = forty, .bcc = twenty}) == "");
  CHECK(bed.reply_error({.text = "x", .to = forty, .cc = forty, .bcc = {21, "c@x.example"}}) == "too_many_recipients");
  CHECK(bed.reply_error({.text = "x", .cc = std::vector<std::string>(99, "c@x.example")}) == "");
  CHECK(bed.reply_error({.text = "x", .cc = std::vector<std::string>(100, "c@x.example")}) == "too_many_recipients");
  CHECK(bed.reply_error({.text = "x", .attachments = {AttachmentId::make(bed.clock)}}) == "no_attachment");
}

TEST_CASE("an upload goes with one message of the person who uploaded it") {
  Bed bed;
  auto upload = [&](const access::Actor& actor) {
    return bed.company.write([&](store::Transaction& tx) {
      return create_upload(tx, actor, {.filename = "invoice.pdf", .content_type = "application/pdf", .size = 12});
    });
  };
  auto mine = upload(bed.company.alice);
  auto others = upload(bed.company.bob);
  CHECK(bed.reply_error({.text = "x", .attachments = {others.id}}) == "no_attachment");
  CHECK(bed.reply_error({.text = "x", .attachments = {mine.id, mine.id}}) == "no_attachment");
  auto message = bed.reply({.text = "", .attachments = {mine.id}});
  REQUIRE(message.attachments.size() == 1);
  CHECK(message.attachments[0].filename == "invoice.pdf");
  CHECK(bed.claim().at(0).delivery.message.attachments.size() == 1);
  CHECK(bed.reply_error({.text = "x", .attachments = {mine.id}}) == "no_attachment");
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return create_upload(tx, bed.company.alice, {.filename = "a\nb", .content_type = "text/plain"});
  }) == "bad_filename");
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return create_upload(tx, bed.company.alice, {.filename = "a", .content_type = "a/b", .size = upload_max_bytes + 1});
  }) == "upload_too_large");
}

TEST_CASE("a suspended workspace cannot reply, but can write notes") {
  Bed bed;
  bed.company.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(policy::suspend(
        tx, access::system_actor(bed.company.workspace),
        {.workspace = bed.company.workspace, .cause = "payment_default", .reason = "The bill is open."}));
    return 0;
  });
  CHECK(bed.reply_error({.text = "x"}) == "sending_suspended");
  auto note = bed.company.write([&](store::Transaction& tx) {
    return add_note(tx, bed.company.alice, {.conversation = bed.arrived.conversation, .text = "We may not write now."});
  });
  CHECK(note.state == "note");
  CHECK(bed.open().item.is_unread);
}

TEST_CASE("a failed message is tried again by its author or an administrator") {
  Bed bed;
  auto message = bed.reply({.text = "x"});
  auto retry = [&](const access::Actor& actor) {
    return bed.company.error_of([&](store::Transaction& tx) { return retry_message(tx, actor, message.id); });
  };
  CHECK(retry(bed.company.alice) == "not_retryable");
  bed.company.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(outbox::record_bounce(tx, bed.company.workspace, message.id, "no such user"));
    return 0;
  });
  CHECK(bed.open().newest.messages[1].state == "failed");
  CHECK(bed.open().newest.messages[1].state_detail == "no such user");
  CHECK(bed.open().item.undelivered == "failed");
  CHECK(retry(bed.company.bob) == "not_allowed");
  CHECK(retry(bed.company.alice) == "");
  CHECK(bed.open().newest.messages[1].state == "queued");
  CHECK(bed.open().item.undelivered.empty());
}
