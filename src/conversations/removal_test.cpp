// Taking a message down, and putting it back.
#include "conversations/removal.h"

#include <doctest/doctest.h>

#include "access/testing.h"
#include "audit/ledger.h"
#include "conversations/forward.h"
#include "conversations/list.h"
#include "conversations/search.h"
#include "conversations/search_index.h"
#include "conversations/send_reply.h"
#include "conversations/testing.h"
#include "conversations/thread.h"
#include "outbox/attempt.h"
#include "policy/statement.h"
#include "policy/version.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

struct Bed : CompanyBed {
  Appended arrived = company.receive({.subject = "Lamps", .text = "A secret lantern", .reply_text = "lantern"});
  std::string original;
  SearchIndexer indexer;
  std::int64_t indexed = 0;

  access::Actor op() const {
    access::Actor one;
    one.kind = access::Actor::Kind::user;
    one.role = access::Role::operator_;
    return one;
  }
  std::string take_down_error(const access::Actor& who, MessageId id, std::string reason = "A court said so.") {
    return company.error_of([&](store::Transaction& tx) -> Result<int> {
      TRY(original, load_original(tx, who, company.workspace, id));
      TRY_STATUS(take_down(tx, who, {.workspace = company.workspace, .message = id, .reason = reason}));
      return 0;
    });
  }
  std::string put_back_error(const access::Actor& who, MessageId id) {
    return company.error_of([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(put_back(tx, who, company.workspace, id, original));
      return 0;
    });
  }
  Message load(MessageId id) {
    return company.read([&](store::Session& session) { return load_message(session, company.workspace, id); });
  }
  std::size_t hits(std::string_view words) {
    const auto events = company.events(indexed);
    if (!events.empty()) {
      company.read([&](store::Session& session) -> Result<int> {
        TRY_STATUS(indexer.prepare(session, company.workspace, events));
        return 0;
      });
      company.write([&](store::Transaction& tx) -> Result<int> {
        TRY_STATUS(indexer.handle(tx, company.workspace, events));
        return 0;
      });
      indexed = events.back().seq;
    }
    const auto page =
        company.read([&](store::Session& session) { return search(session, company.alice, words, {}, 10); });
    CHECK(page.total == static_cast<std::int64_t>(page.hits.size()));
    return page.hits.size();
  }
};

}  // namespace

TEST_CASE("a message that was taken down says nothing anywhere, and comes back as it was") {
  Bed bed;
  const auto id = bed.arrived.message;
  CHECK(bed.hits("lantern") == 1);
  CHECK(bed.take_down_error(bed.company.alice, id) == "not_allowed");
  CHECK(bed.take_down_error(bed.company.administrator, id, "") == "bad_reason");
  CHECK(bed.take_down_error(bed.company.administrator, id, std::string(removal_reason_bytes_max + 1, 'x')) ==
        "bad_reason");
  CHECK(bed.take_down_error(bed.company.administrator, id) == "");
  CHECK(bed.take_down_error(bed.company.administrator, id) == "already_removed");
  const auto entries = bed.company.read(
      [&](store::Session& session) { return audit::entries(session, bed.company.workspace, 0, 1'000); });
  CHECK(entries.back().encoded.find("reason_commitment") != std::string::npos);
  CHECK(entries.back().encoded.find("A court said so") == std::string::npos);
  const auto gone = bed.load(id);
  CHECK(gone.withheld == Withheld::removed);
  CHECK(gone.text.empty());
  CHECK(bed.hits("lantern") == 0);
  const auto item = bed.company.read(
      [&](store::Session& session) { return load_item(session, bed.company.workspace, bed.arrived.conversation); });
  CHECK(item.preview.empty());
  CHECK(item.subject.empty());
  CHECK(bed.put_back_error(bed.company.administrator, id) == "");
  CHECK(bed.put_back_error(bed.company.administrator, id) == "not_removed");
  const auto back = bed.load(id);
  CHECK(back.text == "A secret lantern");
  CHECK(back.reply_text == "lantern");
  CHECK(back.subject == "Lamps");
  CHECK(bed.hits("lantern") == 1);
}

TEST_CASE("the operator takes down in any workspace, by Message-ID too, and sees what is held; no administrator does") {
  Bed bed;
  const auto other = bed.company.receive({.from = "eve@example.org", .external_id = "x1@mail.example"});
  const auto found = bed.company.read([&](store::Session& session) {
    return find_removable(session, bed.op(), bed.company.workspace, "<x1@mail.example>");
  });
  CHECK(found == other.message);
  CHECK(bed.take_down_error(bed.op(), other.message) == "");
  const auto held = bed.company.read([&](store::Session& session) { return removals(session, bed.op()); });
  REQUIRE(held.size() == 1);
  CHECK(held[0].reason == "A court said so.");
  CHECK(bed.db->query([&](store::Session& session) { return removals(session, bed.company.administrator); })
            .error()
            .code == "not_allowed");
  auto stranger = bed.company.administrator;
  stranger.workspace = WorkspaceId::make(bed.clock);
  CHECK(bed.put_back_error(stranger, other.message) == "not_allowed");
}

TEST_CASE("what the operator takes down is a measure with its letter, and no administrator puts it back") {
  Bed bed;
  const auto id = bed.arrived.message;
  CHECK(bed.take_down_error(bed.op(), id) == "");
  CHECK(bed.put_back_error(bed.company.administrator, id) == "not_yours_to_put_back");
  const auto measure = [&] {
    return bed.company.read([&](store::Session& session) { return policy::measures(session, bed.company.workspace); })
        .at(0);
  };
  CHECK(measure().is_take_down());
  CHECK(measure().object_id == id.text());
  const auto letters = bed.company.read([](store::Session& session) { return policy::due_notices(session, 10); });
  REQUIRE(letters.size() == 1);  // no agreement names an address: to the administrator
  for (const std::string& part : {std::string("lawful_content, version"), std::string("A court said so."),
                                  "message " + id.text(), std::string("A person of the operator decided this."),
                                  std::string("put back when an appeal is granted"), std::string("How to appeal")})
    CHECK(letters[0].text.contains(part));
  CHECK(bed.put_back_error(bed.op(), id) == "");
  CHECK(measure().ended_as == "dismissed");
  CHECK(bed.take_down_error(bed.company.administrator, id) == "");
  CHECK(bed.put_back_error(bed.company.administrator, id) == "");
}

TEST_CASE("what a person has called unlawful is not put back by whom it was called so of") {
  Bed bed;
  const auto id = bed.arrived.message;
  const auto measure = bed.company.write([&](store::Transaction& tx) -> Result<policy::Measure> {
    TRY_STATUS(policy::publish_default(tx));
    return policy::report_violation(tx, bed.op(),
                                    {.workspace = bed.company.workspace,
                                     .clause = "lawful_content",
                                     .control = "report",
                                     .object_kind = "message",
                                     .object_id = id.text(),
                                     .facts = "It is another's book."});
  });
  CHECK(bed.take_down_error(bed.company.administrator, id) == "");
  CHECK(bed.put_back_error(bed.company.administrator, id) == "not_yours_to_put_back");
  bed.company.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(policy::end_measure(tx, access::system_actor({}), bed.company.workspace, measure.id, "dismissed"));
    return 0;
  });
  CHECK(bed.put_back_error(bed.company.administrator, id) == "");
}

TEST_CASE("a reply that is taken down before it has left never leaves, and cannot be tried again") {
  Bed bed;
  const auto reply = bed.company.write([&](store::Transaction& tx) {
    return send_reply(tx, bed.company.alice, {.conversation = bed.arrived.conversation, .text = "Here."});
  });
  CHECK(bed.take_down_error(bed.company.administrator, reply.id) == "");
  CHECK(bed.company.write([](store::Transaction& tx) { return outbox::claim_due(tx, "node", 10); }).empty());
  CHECK(bed.company.error_of([&](store::Transaction& tx) { return retry_message(tx, bed.company.alice, reply.id); }) ==
        "rejected_in_review");
}

TEST_CASE("what waited leaves once it is put back, and what was being sent is not sent again meanwhile") {
  Bed bed;
  const auto reply = bed.company.write([&](store::Transaction& tx) {
    return send_reply(tx, bed.company.alice, {.conversation = bed.arrived.conversation, .text = "Here."});
  });
  const auto claim = [&] {
    return bed.company.write([](store::Transaction& tx) { return outbox::claim_due(tx, "node", 10); });
  };
  const auto begin = [&](const outbox::Claimed& one) {
    return bed.company.write([&](store::Transaction& tx) {
      return outbox::begin_attempt(
          tx, {.delivery = one.delivery.id, .workspace = bed.company.workspace, .fence = one.delivery.fence});
    });
  };
  const auto leased = claim();
  REQUIRE(leased.size() == 1);
  CHECK(bed.take_down_error(bed.company.administrator, reply.id) == "");
  CHECK_FALSE(begin(leased[0]));  // the lease was there, the send had not begun
  CHECK(claim().empty());
  CHECK(bed.put_back_error(bed.company.administrator, reply.id) == "");
  const auto again = claim();
  REQUIRE(again.size() == 1);
  CHECK(again[0].delivery.message.text == "Here.");
  CHECK(begin(again[0]));
  CHECK(bed.take_down_error(bed.company.administrator, reply.id) == "");
  const auto state = bed.company.write([&](store::Transaction& tx) {
    return outbox::record_attempt(tx, {.workspace = bed.company.workspace,
                                       .delivery = again[0].delivery.id,
                                       .fence = again[0].delivery.fence,
                                       .result = {.outcome = outbox::Outcome::retry, .detail = "busy"}});
  });
  CHECK(state == outbox::DeliveryState::failed);
  bed.clock.advance_ms(86'400'000);
  CHECK(claim().empty());
  // Its own trouble, not the taking down, was the last word: putting back does not send it by itself.
  CHECK(bed.put_back_error(bed.company.administrator, reply.id) == "");
  CHECK(claim().empty());
}

TEST_CASE("what is kept of a message that cannot be read is told, and changes nothing") {
  Bed bed;
  CHECK(bed.take_down_error(bed.company.administrator, bed.arrived.message) == "");
  for (const auto* bytes : {"", "1\n", "1\n5\nab", "1\nx\n", "1\n99999999999999999999999\n", "2\n-\n-\n-\n-\n"}) {
    bed.original = bytes;
    CHECK(bed.put_back_error(bed.company.administrator, bed.arrived.message) == "original_malformed");
  }
  CHECK(bed.load(bed.arrived.message).withheld == Withheld::removed);
}
