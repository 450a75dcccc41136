// Rules on content and what waits for a reviewer, on both engines.
#include <doctest/doctest.h>

#include "access/testing.h"
#include "contract/engines.h"
#include "conversations/removal.h"
#include "conversations/rescan.h"
#include "conversations/review.h"
#include "conversations/send_reply.h"
#include "conversations/testing.h"
#include "outbox/attempt.h"
#include "policy/content_rules.h"
#include "policy/cure.h"
#include "policy/version.h"

using namespace answerable;
using namespace answerable::conversations;

TEST_CASE("a rule holds a reply, its hit violates the clause, and the review lets it leave in order") {
  contract::on_each_engine(ANSWERABLE_CONVERSATION_SCHEMAS, [](contract::Bed& bed) {
    Company company(bed.db(), bed.clock);
    const auto lead = company.hire("Lena", access::Role::supervisor);
    const auto arrived = company.receive();
    company.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::publish_default(tx));
      TRY_STATUS(policy::save_default_content_rules(tx));
      return 0;
    });
    const auto reply = [&](std::string text) {
      return company.write([&](store::Transaction& tx) {
        return send_reply(
            tx, company.alice,
            {.conversation = arrived.conversation, .text = std::move(text), .consent = {.has_seen_warnings = true}});
      });
    };
    const auto claimed = [&] {
      return company.write([](store::Transaction& tx) { return outbox::claim_due(tx, "node", 10); }).size();
    };
    const auto held = reply("Take 4111 1111 1111 1111 for it.");
    reply("This one is long enough to have a fingerprint of its own, as it has more than twelve words in it.");
    CHECK(held.state == "held");
    CHECK(claimed() == 0);
    const auto page = company.read([&](store::Session& session) { return waiting_reviews(session, lead); });
    REQUIRE(page.total == 1);
    CHECK(page.items[0].findings.size() == 1);
    CHECK(company.error_of([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(decide_review(tx, lead, {.message = held.id, .is_released = true}));
      return 0;
    }) == "");
    CHECK(claimed() == 1);
    const auto measures =
        company.read([&](store::Session& session) { return policy::measures(session, company.workspace); });
    REQUIRE(measures.size() == 1);
    CHECK(measures[0].ended_as == "dismissed");
    const auto rules = company.read([](store::Session& session) { return policy::operators_content_rules(session); });
    REQUIRE(rules.size() == 4);
    CHECK(rules[0].hits == 1);
    CHECK(company.error_of([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::delete_content_rule(tx, access::system_actor({}), {}, rules[0].rule.id));
      return 0;
    }) == "");
  });
}

TEST_CASE("a suspension for a breach ends once what was found is taken down, and is not put back") {
  contract::on_each_engine(ANSWERABLE_CONVERSATION_SCHEMAS, [](contract::Bed& bed) {
    Company company(bed.db(), bed.clock);
    const store::TemporaryFolder folder;
    const auto blobs = store::open_blobs(folder.path() + "/blobs", std::string(32, 'k')).value();
    const auto arrived = company.receive();
    company.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::publish_default(tx));
      policy::Agreement agreement{.workspace = company.workspace, .signed_at = bed.clock.now(), .signatory = "Ada"};
      agreement.terms = {{"lawful_content", "ladder", "1 suspend sending"}};
      TRY_STATUS(policy::save_agreement(tx, access::system_actor({}), agreement));
      TRY_STATUS(policy::save_content_rule(tx, access::system_actor({}),
                                           {.name = "Games", .clause = "lawful_content", .values = {"lottery"}}));
      return 0;
    });
    const auto bad = company.write([&](store::Transaction& tx) {
      return send_reply(tx, company.alice, {.conversation = arrived.conversation, .text = "Play the lottery."});
    });
    const auto stops = [&] {
      access::must(end_cured_measures({bed.db(), *blobs}));
      company.write([](store::Transaction& tx) { return policy::resume_cured(tx); });
      return company.read([&](store::Session& session) { return policy::suspensions(session, company.workspace); })
          .size();
    };
    bed.clock.advance_ms(policy::clean_minutes_otherwise * 60'000);
    CHECK(stops() == 1);
    company.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(
          take_down(tx, company.administrator,
                    {.workspace = company.workspace, .message = bad.id, .reason = "A lottery.", .original = {}}));
      return 0;
    });
    CHECK(stops() == 0);
    CHECK(company.error_of([&](store::Transaction& tx) {
      return find_held_original(tx, company.administrator, company.workspace, bad.id);
    }) == "not_yours_to_put_back");
  });
}
