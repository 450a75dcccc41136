#include "conversations/append_inbound.h"

#include <doctest/doctest.h>

#include "conversations/contacts.h"
#include "conversations/list.h"
#include "conversations/match.h"
#include "conversations/set_status.h"
#include "conversations/snooze.h"
#include "conversations/testing.h"
#include "conversations/thread.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

using Bed = CompanyBed;

OpenConversation open(Company& company, ConversationId id) {
  return company.read([&](store::Session& session) { return open_conversation(session, company.alice, id); });
}

std::int64_t ledger_size(Company& company) {
  return company.read([&](store::Session& session) {
    return session.number("select count(*) from ledger_entries where workspace_id = $1", {company.workspace});
  });
}

}  // namespace

TEST_CASE("the first message of a stranger makes a contact, a conversation, two events and one ledger entry") {
  Bed bed;
  auto before = bed.company.last_seq();
  auto entries = ledger_size(bed.company);
  auto appended = bed.company.receive({.subject = "Broken cup", .text = "It came in\ntwo pieces."});
  CHECK(appended.is_new_conversation);
  auto opened = open(bed.company, appended.conversation);
  CHECK(opened.item.number == 1);
  CHECK(opened.item.subject == "Broken cup");
  CHECK(opened.item.status == ConversationStatus::open);
  CHECK(opened.item.contact_name == "Anna");
  CHECK(opened.item.contact_address == "anna@example.org");
  CHECK(opened.item.preview == "It came in two pieces.");
  CHECK(opened.item.is_unread);
  CHECK(opened.item.message_count == 1);
  CHECK(opened.item.assignee.is_nil());
  REQUIRE(opened.newest.messages.size() == 1);
  const auto& message = opened.newest.messages[0];
  CHECK(message.id == appended.message);
  CHECK(message.state == "received");
  CHECK(message.text == "It came in\ntwo pieces.");
  CHECK(message.reply_text == message.text);
  CHECK(message.to == std::vector<std::string>{"Acme <help@acme.example>"});
  CHECK_FALSE(opened.newest.next);
  auto events = bed.company.events(before);
  REQUIRE(events.size() == 2);
  CHECK(events[0].kind == "conversation_created");
  CHECK(events[1].kind == "message_added");
  CHECK(events[1].message == appended.message);
  CHECK(ledger_size(bed.company) == entries + 1);
}

TEST_CASE("a further message goes to the end of its conversation and opens it when it was closed or snoozed") {
  Bed bed;
  auto first = bed.company.receive();
  for (bool by_closing : {true, false}) {
    bed.company.write([&](store::Transaction& tx) {
      return by_closing ? close(tx, bed.company.alice, first.conversation)
                        : snooze(tx, bed.company.alice, first.conversation, tx.now() + 3'600'000);
    });
    bed.clock.advance_ms(1'000);
    auto next = bed.company.receive({.text = "Hello?", .conversation = first.conversation});
    CHECK(next.was_reopened);
    CHECK_FALSE(next.is_new_conversation);
    auto item = open(bed.company, first.conversation).item;
    CHECK(item.status == ConversationStatus::open);
    CHECK_FALSE(item.snoozed_until);
    CHECK(item.preview == "Hello?");
    CHECK(item.last_message_at == bed.clock.now());
  }
  auto opened = open(bed.company, first.conversation);
  REQUIRE(opened.newest.messages.size() == 3);
  CHECK(opened.newest.messages[2].position == 3);
  auto counts = bed.company.read([&](store::Session& session) { return count_views(session, bed.company.alice); });
  CHECK(counts.all == 1);
  CHECK(counts.unassigned == 1);
  CHECK(counts.closed == 0);
  CHECK(counts.snoozed == 0);
}

TEST_CASE("a message for a conversation that does not exist is an error and stores nothing") {
  Bed bed;
  auto before = bed.company.last_seq();
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return bed.company.receive(tx, {.conversation = ConversationId::make(bed.clock)});
  }) == "no_conversation");
  CHECK(bed.company.last_seq() == before);
}

TEST_CASE("the same message id is stored once") {
  Bed bed;
  NewInbound inbound;
  inbound.workspace = bed.company.workspace;
  inbound.channel = bed.company.channel;
  inbound.channel_kind = "email";
  inbound.id = MessageId::make(bed.clock);
  inbound.contact = ContactId::make(bed.clock);
  auto append = [&](store::Transaction& tx) { return append_inbound(tx, inbound); };
  bed.company.write(append);
  CHECK(bed.company.error_of(append) == "unique_violation");
}

TEST_CASE("attachments keep their order, names and kinds") {
  Bed bed;
  NewInbound inbound;
  inbound.workspace = bed.company.workspace;
  inbound.channel = bed.company.channel;
  inbound.channel_kind = "email";
  inbound.id = MessageId::make(bed.clock);
  inbound.attachments = {
      {.filename = "../../etc/passwd",
       .content_type = "text/plain",
       .disposition = "attachment",
       .content_id = "",
       .size = 3},
      {.filename = "logo.png", .content_type = "image/png", .disposition = "inline", .content_id = "c1", .size = 4}};
  auto appended = bed.company.write([&](store::Transaction& tx) { return append_inbound(tx, inbound); });
  auto opened = open(bed.company, appended.conversation);
  CHECK(opened.item.preview == "../../etc/passwd");
  const auto& attachments = opened.newest.messages.at(0).attachments;
  REQUIRE(attachments.size() == 2);
  CHECK(attachments[0].filename == "../../etc/passwd");
  CHECK_FALSE(attachments[0].is_inline);
  CHECK(attachments[1].is_inline);
  CHECK(attachments[1].content_id == "c1");
}

TEST_CASE("an address is one contact, whatever name it comes with, and a nameless contact takes the first name") {
  Bed bed;
  auto nameless = bed.company.receive({.name = ""});
  auto named = bed.company.receive({.name = "Anna Berg"});
  auto renamed = bed.company.receive({.name = "Somebody Else"});
  auto contact = open(bed.company, nameless.conversation).item.contact;
  CHECK(open(bed.company, named.conversation).item.contact == contact);
  CHECK(open(bed.company, nameless.conversation).item.contact_name == "Anna Berg");
  CHECK(open(bed.company, renamed.conversation).item.contact_name == "Anna Berg");
  auto loaded =
      bed.company.read([&](store::Session& session) { return load_contact(session, bed.company.alice, contact); });
  CHECK(loaded.name == "Anna Berg");
  CHECK(loaded.conversation_count == 3);
  CHECK(loaded.conversations.size() == 3);
  REQUIRE(loaded.identities.size() == 1);
  CHECK(loaded.identities[0].address == "anna@example.org");
}

TEST_CASE("messages are found by external id, by thread, and taking part is judged by addresses") {
  Bed bed;
  auto first = bed.company.receive({.external_id = "abc@mail.example"});
  auto found = bed.company.read([&](store::Session& session) {
    std::vector<std::string> ids{"unknown@x", "abc@mail.example", ""};
    return find_by_external_ids(session, bed.company.workspace, ids);
  });
  REQUIRE(found.size() == 1);
  CHECK(found[0].conversation == first.conversation);
  auto elsewhere = bed.company.read([&](store::Session& session) {
    std::vector<std::string> ids{"abc@mail.example"};
    return find_by_external_ids(session, WorkspaceId::make(bed.clock), ids);
  });
  CHECK(elsewhere.empty());
  auto takes = [&](std::string_view address) {
    return bed.company.read([&](store::Session& session) {
      return takes_part(session, bed.company.workspace, first.conversation, address);
    });
  };
  CHECK(takes("Anna@Example.org"));
  CHECK(takes("help@acme.example"));
  CHECK_FALSE(takes("mallory@example.org"));
  CHECK_FALSE(takes(""));
  CHECK_FALSE(takes("example.org"));
}

TEST_CASE("only the last references_looked_up_max references are looked up") {
  Bed bed;
  bed.company.receive({.external_id = "first@x"});
  auto count_found = [&](std::size_t later) {
    std::vector<std::string> ids{"first@x"};
    for (std::size_t i = 0; i < later; ++i) ids.push_back("other" + std::to_string(i) + "@x");
    return bed.company
        .read([&](store::Session& session) { return find_by_external_ids(session, bed.company.workspace, ids); })
        .size();
  };
  CHECK(count_found(references_looked_up_max - 1) == 1);
  CHECK(count_found(references_looked_up_max) == 0);
}
