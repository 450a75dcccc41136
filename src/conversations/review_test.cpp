// What rules do to messages that leave, and what waits for a reviewer.
#include "conversations/review.h"

#include <doctest/doctest.h>

#include "access/testing.h"
#include "audit/ledger.h"
#include "conversations/forward.h"
#include "conversations/list.h"
#include "conversations/search.h"
#include "conversations/search_index.h"
#include "conversations/send_automatic.h"
#include "conversations/send_reply.h"
#include "conversations/start_conversation.h"
#include "conversations/testing.h"
#include "conversations/thread.h"
#include "outbox/attempt.h"
#include "outbox/settle.h"
#include "policy/content_rules.h"
#include "policy/version.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

struct Bed : CompanyBed {
  access::Actor lead = company.hire("Lena", access::Role::supervisor);
  Appended arrived = company.receive();

  void rule(policy::ContentAction action, std::string word = "lottery") {
    company.write([&](store::Transaction& tx) {
      return policy::save_content_rule(tx, company.administrator,
                                       {.workspace = company.workspace,
                                        .name = "Games",
                                        .kind = policy::ContentKind::words,
                                        .action = action,
                                        .values = {word}});
    });
  }
  NewReply reply(std::string text, bool has_seen_warnings = false) const {
    return {.conversation = arrived.conversation,
            .text = std::move(text),
            .consent = {.has_seen_warnings = has_seen_warnings}};
  }
  std::string send_error(const NewReply& what) {
    return company.error_of([&](store::Transaction& tx) { return send_reply(tx, company.alice, what); });
  }
  Message send(const NewReply& what) {
    return company.write([&](store::Transaction& tx) { return send_reply(tx, company.alice, what); });
  }
  Message load(MessageId id) {
    return company.read([&](store::Session& session) { return load_message(session, company.workspace, id); });
  }
  ConversationItem item(ConversationId id) {
    return company.read([&](store::Session& session) { return load_item(session, company.workspace, id); });
  }
  std::vector<outbox::Claimed> claim() {
    return company.write([](store::Transaction& tx) { return outbox::claim_due(tx, "node-1", 10); });
  }
  std::string decide(const access::Actor& who, MessageId id, bool is_released, std::string reason = {}) {
    return company.error_of([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(decide_review(tx, who, {.message = id, .is_released = is_released, .reason = std::move(reason)}));
      return 0;
    });
  }
  ReviewPage waiting() {
    return company.read([&](store::Session& session) { return waiting_reviews(session, lead); });
  }
  // A customer's mail, held.
  Appended receive_held(std::optional<ConversationId> conversation = {}, std::string text = "You won the lottery!") {
    auto made = db->write([&](store::Transaction& tx) -> Result<Appended> {
      TRY(auto contact, identify_contact(tx, {.workspace = company.workspace,
                                              .kind = "email",
                                              .address_key = "eve@example.org",
                                              .address = "eve@example.org",
                                              .name = "Eve"}));
      policy::ContentOrigin origin{.workspace = company.workspace, .channel = company.channel};
      TRY(const auto judged, policy::judge_content(tx, origin, {.channel_kind = "email", .text = text}));
      NewInbound inbound{.workspace = company.workspace, .channel = company.channel, .channel_kind = "email"};
      inbound.id = MessageId::make(tx.clock());
      inbound.conversation = conversation;
      inbound.contact = contact;
      inbound.author_name = "Eve";
      inbound.from_address = "eve@example.org";
      inbound.subject = "You won";
      inbound.text = inbound.reply_text = text;
      inbound.sent_at = inbound.received_at = tx.now();
      inbound.needs_review = judged.must_wait();
      TRY(auto appended, append_inbound(tx, inbound));
      TRY_STATUS(keep_judgement(tx, origin, judged, false, inbound.id));
      return appended;
    });
    return access::must(std::move(made));
  }
};

}  // namespace

TEST_CASE("a rule refuses a reply, a forward and a new conversation alike, and nothing of them is written") {
  Bed bed;
  bed.rule(policy::ContentAction::refuse);
  const auto before = bed.company.last_seq();
  CHECK(bed.send_error(bed.reply("You won the lottery.", true)) == "content_refused");
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return forward(tx, bed.company.alice,
                   {.message = bed.arrived.message, .to = {"m@maker.example"}, .text = "The lottery?"});
  }) == "content_refused");
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return start_conversation(tx, bed.company.alice,
                              {.channel = bed.company.channel,
                               .channel_kind = "email",
                               .address_key = "x@y.example",
                               .address = "x@y.example",
                               .subject = "The lottery",
                               .text = "Hello"});
  }) == "content_refused");
  CHECK(bed.company.last_seq() == before);
  CHECK(bed.send_error(bed.reply("It is on its way.")) == "");
}

TEST_CASE("a refusal is kept in a transaction of its own") {
  Bed bed;
  bed.rule(policy::ContentAction::refuse);
  ContentRefusal refusal;
  auto what = bed.reply("lottery");
  what.consent.refusal = &refusal;
  CHECK(bed.send_error(what) == "content_refused");
  REQUIRE(refusal.judgement.has_value());
  CHECK(bed.company.error_of([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(record_refusal(tx, refusal));
    return 0;
  }) == "");
  const auto rules =
      bed.company.read([&](store::Session& session) { return policy::content_rules(session, bed.company.workspace); });
  CHECK(rules[0].hits == 1);
}

TEST_CASE("a warning lets its author look again, and what is sent all the same carries it") {
  Bed bed;
  bed.rule(policy::ContentAction::warn);
  CHECK(bed.send_error(bed.reply("lottery")) == "content_warning");
  const auto sent = bed.send(bed.reply("The lottery is over.", true));
  CHECK(sent.state == "queued");
  REQUIRE(sent.findings.size() == 1);
  CHECK(sent.findings[0].name == "Games");
  CHECK(sent.findings[0].excerpt == "Re: A question The lottery is over.");
}

TEST_CASE("a reply that is held waits for a reviewer who did not write it, and what comes after it waits behind it") {
  Bed bed;
  bed.rule(policy::ContentAction::hold);
  const auto held = bed.send(bed.reply("The lottery."));
  const auto next = bed.send(bed.reply("And another thing."));
  CHECK(held.state == "held");
  CHECK(bed.claim().empty());
  auto waiting = bed.waiting();
  REQUIRE(waiting.total == 1);
  CHECK(waiting.items[0].message == held.id);
  CHECK(waiting.items[0].is_outbound);
  CHECK(waiting.items[0].text == "The lottery.");
  CHECK(bed.decide(bed.company.alice, held.id, true) == "not_allowed");
  CHECK(bed.decide(bed.lead, MessageId::make(bed.clock), true) == "no_review");
  CHECK(bed.decide(bed.lead, held.id, true) == "");
  CHECK(bed.decide(bed.lead, held.id, true) == "not_in_review");
  CHECK(bed.waiting().total == 0);
  auto first = bed.claim();
  REQUIRE(first.size() == 1);
  CHECK(first[0].delivery.message.message == held.id);
  CHECK(bed.load(next.id).state == "queued");
}

TEST_CASE("nobody reviews an own message") {
  Bed bed;
  bed.rule(policy::ContentAction::hold);
  const auto held =
      bed.company.write([&](store::Transaction& tx) { return send_reply(tx, bed.lead, bed.reply("The lottery.")); });
  CHECK(bed.decide(bed.lead, held.id, true) == "second_person_must_differ");
  CHECK(bed.decide(bed.company.administrator, held.id, true) == "");
}

TEST_CASE("nobody reviews by a key of one's own, nor what was written by one") {
  Bed bed;
  bed.rule(policy::ContentAction::hold);
  auto key = bed.lead;
  key.kind = access::Actor::Kind::api_key;
  key.api_key = ApiKeyId::make(bed.clock);
  bed.company.write([&](store::Transaction& tx) {
    return tx.execute(
        "insert into api_keys (workspace_id, id, name, prefix, secret_hash, may_write, role, created_by, "
        "created_at) values ($1, $2, 'K', 'ak', $3, 1, 'supervisor', $4, 0)",
        {bed.company.workspace, key.api_key, store::Bytes{"hash"}, bed.lead.user});
  });
  key.user = {};
  for (const auto& [author, reviewer] : {std::pair(bed.lead, key), std::pair(key, bed.lead), std::pair(key, key)}) {
    const auto held =
        bed.company.write([&](store::Transaction& tx) { return send_reply(tx, author, bed.reply("The lottery.")); });
    CHECK(bed.decide(reviewer, held.id, true) == "second_person_must_differ");
    CHECK(bed.decide(bed.company.administrator, held.id, true) == "");
  }
}

TEST_CASE("a rejected reply has failed with the reason, cannot be tried again, and stands in nobody's way") {
  Bed bed;
  bed.rule(policy::ContentAction::hold);
  const auto held = bed.send(bed.reply("The lottery."));
  const auto next = bed.send(bed.reply("And another thing."));
  CHECK(bed.decide(bed.lead, held.id, false) == "reason_missing");
  CHECK(bed.decide(bed.lead, held.id, false, std::string(review_reason_bytes_max + 1, 'x')) == "reason_too_long");
  CHECK(bed.decide(bed.lead, held.id, false, "We sell lamps.") == "");
  const auto entries = bed.company.read(
      [&](store::Session& session) { return audit::entries(session, bed.company.workspace, 0, 1'000); });
  for (const auto& entry : entries) CHECK(entry.encoded.find("We sell lamps") == std::string::npos);
  const auto after = bed.load(held.id);
  CHECK(after.state == "failed");
  CHECK(after.state_detail == "We sell lamps.");
  CHECK(bed.company.error_of([&](store::Transaction& tx) { return retry_message(tx, bed.company.alice, held.id); }) ==
        "rejected_in_review");
  const auto claimed = bed.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].delivery.message.message == next.id);
}

TEST_CASE("what its author takes back while it waits needs no review any more") {
  Bed bed;
  bed.rule(policy::ContentAction::hold);
  auto what = bed.reply("The lottery.");
  what.undo_seconds = 10;
  const auto held = bed.send(what);
  bed.company.write([&](store::Transaction& tx) { return undo_send(tx, bed.company.alice, held.id); });
  CHECK(bed.waiting().total == 0);
  CHECK(bed.decide(bed.lead, held.id, true) == "not_in_review");
}

TEST_CASE("an automatic message that a rule would refuse waits for a person") {
  Bed bed;
  bed.rule(policy::ContentAction::refuse);
  const auto item = bed.item(bed.arrived.conversation);
  CHECK(bed.company.error_of([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(send_automatic(tx, bed.company.workspace, item,
                              {.to = "anna@example.org", .subject = "Here", .text = "lottery"}));
    return 0;
  }) == "");
  CHECK(bed.waiting().total == 1);
}

TEST_CASE("nothing is seen of what a customer's held message says, until it is released") {
  Bed bed;
  bed.rule(policy::ContentAction::hold);
  const auto held = bed.receive_held();
  const auto shown = bed.load(held.message);
  CHECK(shown.text.empty());
  CHECK(shown.subject.empty());
  CHECK(shown.withheld == Withheld::review);
  CHECK(bed.item(held.conversation).preview.empty());
  CHECK(bed.item(held.conversation).subject.empty());
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return forward(tx, bed.company.alice, {.message = held.message, .to = {"m@maker.example"}});
  }) == "not_forwardable");
  // The rest of the conversation goes on.
  CHECK(bed.send_error({.conversation = held.conversation, .text = "Hello?"}) == "");
  REQUIRE(bed.waiting().total == 1);
  CHECK(bed.waiting().items[0].text == "You won the lottery!");
  CHECK(bed.decide(bed.lead, held.message, true) == "");
  const auto after = bed.load(held.message);
  CHECK(after.text == "You won the lottery!");
  CHECK(after.withheld == Withheld::no);
  CHECK(after.position == 1);
  CHECK(bed.item(held.conversation).subject == "You won");
}

TEST_CASE("a customer's rejected message stays in its place, and says nothing to anybody") {
  Bed bed;
  bed.rule(policy::ContentAction::hold);
  const auto held = bed.receive_held(bed.arrived.conversation);
  CHECK(bed.decide(bed.lead, held.message, false, "A fraud.") == "");
  CHECK(bed.load(held.message).withheld == Withheld::rejected);
  CHECK(bed.load(held.message).text.empty());
  CHECK(bed.decide(bed.lead, held.message, true) == "not_in_review");
  // A later reply quotes what was said before.
  bed.send(bed.reply("On its way."));
  const auto claimed = bed.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].delivery.message.to == std::vector<std::string>{"anna@example.org"});
  REQUIRE(claimed[0].delivery.message.quoted.has_value());
  CHECK(claimed[0].delivery.message.quoted->text == "Where is my order?");
}

TEST_CASE("a held message is found by search once it is released") {
  Bed bed;
  bed.rule(policy::ContentAction::hold);
  SearchIndexer indexer;
  std::int64_t seen = 0;
  const auto hits = [&] {
    const auto events = bed.company.events(seen);
    bed.company.read([&](store::Session& session) -> Result<int> {
      TRY_STATUS(indexer.prepare(session, bed.company.workspace, events));
      return 0;
    });
    bed.company.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(indexer.handle(tx, bed.company.workspace, events));
      return 0;
    });
    seen = events.back().seq;
    return bed.company
        .read([&](store::Session& session) { return search(session, bed.company.alice, "lottery", {}, 10); })
        .hits.size();
  };
  const auto held = bed.receive_held();
  CHECK(hits() == 0);
  CHECK(bed.decide(bed.lead, held.message, true) == "");
  CHECK(hits() == 1);
}

TEST_CASE("a message that waited by the ladder ends its measure with the review") {
  Bed bed;
  bed.company.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(policy::publish_default(tx));
    TRY_STATUS(policy::save_content_rule(tx, access::system_actor({}),
                                         {.name = "Cards",
                                          .clause = "confidential_data",
                                          .kind = policy::ContentKind::card_numbers,
                                          .action = policy::ContentAction::warn}));
    return 0;
  });
  CHECK(bed.send_error(bed.reply("Card 4111 1111 1111 1111")) == "content_warning");
  const auto held = bed.send(bed.reply("Card 4111 1111 1111 1111", true));  // "1 hold" of the clause
  CHECK(held.state == "held");
  const auto measures = [&] {
    return bed.company.read([&](store::Session& session) { return policy::measures(session, bed.company.workspace); });
  };
  REQUIRE(measures().size() == 1);
  CHECK(measures()[0].facts.find("4111") == std::string::npos);
  CHECK(bed.decide(bed.lead, held.id, true) == "");
  CHECK(measures()[0].ended_as == "dismissed");
}
