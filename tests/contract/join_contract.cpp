// Suggested joins on both engines: what an agent confirms moves as a whole, and every way to what is no more leads on.
#include <doctest/doctest.h>

#include "contract/desk.h"
#include "conversations/drafts.h"
#include "conversations/join.h"
#include "conversations/list.h"
#include "conversations/origin.h"
#include "conversations/send_reply.h"
#include "conversations/set_status.h"
#include "conversations/suggestion.h"
#include "conversations/tags.h"
#include "conversations/thread.h"

using namespace answerable;
using contract::Desk;

namespace {

std::string letter(std::string_view from, std::string_view id, std::string_view reference, std::string_view subject) {
  auto text = "From: " + std::string(from) + "\r\nTo: help@example.org\r\nSubject: " + std::string(subject) +
              "\r\nMessage-ID: <" + std::string(id) + ">\r\n";
  if (!reference.empty()) text += "References: <" + std::string(reference) + ">\r\n";
  return text + "\r\nAbout " + std::string(subject) + ".\r\n";
}

struct Joining {
  explicit Joining(contract::Bed& bed) : desk(bed), channel(desk.add_channel("email", "help@example.org", "{}")) {
    desk.arrive(channel, letter("zoe@example.com", "one@example.com", "", "first"));
    desk.arrive(channel, letter("eve@example.net", "two@example.net", "one@example.com", "second"));
    first = id_of("first");
    second = id_of("second");
  }
  ConversationId id_of(std::string_view subject) {
    return **desk.bed.db().query([&](store::Session& session) {
      return session.find("select id from conversations where subject = $1", {subject},
                          [](const store::Row& row) { return row.id<ConversationId>(0); });
    });
  }
  template <class Act>
  auto write(Act act) {
    return desk.bed.db().write([&](store::Transaction& tx) { return act(tx); });
  }
  template <class Ask>
  auto read(Ask ask) {
    return desk.bed.db().query([&](store::Session& session) { return ask(session); });
  }
  auto join(ConversationId id) {
    return write([&](store::Transaction& tx) { return conversations::join_suggested(tx, desk.actor, id); });
  }
  Desk desk;
  intake::Channel channel;
  ConversationId first, second;
};

}  // namespace

TEST_CASE("a confirmed join moves messages, drafts, deliveries and counters, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Joining on(bed);
    auto& desk = on.desk;
    const auto suggestion = on.read(
        [&](store::Session& session) { return conversations::load_suggestion(session, desk.actor, on.second); });
    REQUIRE_MESSAGE(suggestion, suggestion.error().code);
    CHECK(suggestion->target.id == on.first);
    CHECK(suggestion->found_by == "reference");
    CHECK(suggestion->weakness == "stranger");
    const auto prepared = on.write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(conversations::send_reply(tx, desk.actor, {.conversation = on.second, .text = "Who?"}));
      TRY_STATUS(conversations::save_draft(tx, desk.actor, on.first, "Dear Zoe", "reply"));
      TRY_STATUS(conversations::save_draft(tx, desk.actor, on.second, "Dear Eve", "reply"));
      TRY_STATUS(conversations::set_tags(tx, desk.actor, on.second, {"new"}));
      TRY_STATUS(conversations::close(tx, desk.actor, on.first));
      return {};
    });
    REQUIRE_MESSAGE(prepared, prepared.error().code);
    const auto joined = on.join(on.second);
    REQUIRE_MESSAGE(joined, joined.error().code);
    CHECK(joined->id == on.first);
    CHECK(joined->message_count == 3);
    CHECK(joined->status == conversations::ConversationStatus::open);
    CHECK(joined->is_unread);
    CHECK(desk.count("select count(*) from conversations") == 1);
    CHECK(desk.count("select count(*) from messages where position in (1, 2, 3)") == 3);
    CHECK(desk.count("select cast(sum(amount) as bigint) from conversation_counts") == 1);
    CHECK(desk.count("select cast(sum(amount) as bigint) from tag_counts") == 0);
    CHECK(desk.count("select count(*) from deliveries d join messages m on m.id = d.message_id where "
                     "m.conversation_id = d.conversation_id and d.sequence = m.position") == 1);
    CHECK(desk.count("select count(*) from drafts") == 1);
    const auto open = on.read(
        [&](store::Session& session) { return conversations::open_conversation(session, desk.actor, on.second); });
    REQUIRE(open);
    CHECK(open->item.id == on.first);
    CHECK(open->draft->text == "Dear Zoe\n\nDear Eve");
    CHECK(on.join(on.second).error().code == "no_suggestion");
  });
}

TEST_CASE("what is suggested for, and what joined, a conversation that joins another goes along, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Joining on(bed);
    auto& desk = on.desk;
    desk.arrive(on.channel, letter("mia@example.org", "three@example.org", "two@example.net", "third"));
    desk.arrive(on.channel, letter("pia@example.org", "four@example.org", "two@example.net", "fourth"));
    const auto third = on.id_of("third"), fourth = on.id_of("fourth");
    REQUIRE(on.join(third));
    REQUIRE(on.join(on.second));
    const auto open =
        on.read([&](store::Session& session) { return conversations::open_conversation(session, desk.actor, third); });
    REQUIRE(open);
    CHECK(open->item.id == on.first);
    const auto moved =
        on.read([&](store::Session& session) { return conversations::load_suggestion(session, desk.actor, fourth); });
    REQUIRE_MESSAGE(moved, moved.error().code);
    CHECK(moved->target.id == on.first);
    const auto origin = on.read([&](store::Session& session) {
      return conversations::load_origin(session, desk.actor, open->newest.messages.back().id);
    });
    REQUIRE(origin);
    CHECK(origin->origin.joined_by == "agent");
    CHECK(origin->joined_from->agent == desk.actor.user);
  });
}

TEST_CASE("a dismissed suggestion is asked for no more, and too many messages are not moved, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Joining on(bed);
    auto& desk = on.desk;
    const auto set_count = [&](std::int64_t count) {
      return on.write([&](store::Transaction& tx) -> Status {
        TRY_STATUS(tx.execute("update conversations set message_count = $1 where id = $2", {count, on.second}));
        return {};
      });
    };
    REQUIRE(set_count(conversations::joined_messages_max + 1));
    CHECK(on.join(on.second).error().code == "too_long_to_join");
    REQUIRE(set_count(1));
    const auto kept =
        on.write([&](store::Transaction& tx) { return conversations::dismiss_suggestion(tx, desk.actor, on.second); });
    REQUIRE(kept);
    CHECK_FALSE(kept->suggested_join);
    CHECK(on.join(on.second).error().code == "no_suggestion");
    CHECK(desk.count("select count(*) from conversations") == 2);
  });
}
