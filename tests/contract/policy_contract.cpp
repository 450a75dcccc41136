// The policy on both engines: from version to measure to appeal to resumption, and a suspension under load.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <thread>

#include "access/api_key.h"
#include "access/application.h"
#include "access/authenticator.h"
#include "access/schema.h"
#include "access/testing.h"
#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "contract/engines.h"
#include "outbox/dispatch.h"
#include "outbox/schema.h"
#include "outbox/testing.h"
#include "policy/appeal.h"
#include "policy/control.h"
#include "policy/cure.h"
#include "policy/entitlement.h"
#include "policy/finding.h"
#include "policy/payment.h"
#include "policy/self_tests.h"
#include "policy/statement.h"
#include "policy/suspend.h"
#include "policy/two_person.h"
#include "store/blobs.h"

using namespace answerable;
using access::must;

namespace {

#define ANSWERABLE_POLICY_SCHEMAS \
  {cluster::schema(), audit::schema(), access::schema(), policy::schema(), outbox::schema()}

access::Actor person(contract::Bed& bed, access::Role role, WorkspaceId workspace = {}) {
  access::Actor one;
  one.kind = access::Actor::Kind::user;
  one.role = role;
  one.workspace = workspace;
  one.user = UserId::make(bed.clock);
  return one;
}

template <class F>
auto write(contract::Bed& bed, F&& job) {
  return must(bed.db().write(std::forward<F>(job)));
}

WorkspaceId open_shop(contract::Bed& bed) {
  return write(bed, [](store::Transaction& tx) -> Result<WorkspaceId> {
    TRY_STATUS(policy::publish_default(tx));
    TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Shop"));
    return made.id;
  });
}

policy::Agreement agreement_of(WorkspaceId workspace, Time signed_at) {
  return {.workspace = workspace,
          .signed_at = signed_at,
          .signatory = "Ada",
          .entitlements = {.seats = 3, .channels = {}, .messages = 5},
          .notices = {"a@shop.example", "b@shop.example", ""},
          .terms = {{"no_bulk", "ladder", "1 suspend sending"}},
          .accepted_version = {},
          .accepted_at = {}};
}

// Waits for what other threads do; a machine that is busy gets a minute.
template <class F>
bool until(F&& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

constexpr int conversations = 8, messages = 12, threads = 4;

// Each conversation's messages in their order, by one of several threads.
std::vector<std::thread> write_into(contract::Bed& bed, WorkspaceId shop, const std::vector<ConversationId>& ids,
                                    const std::function<void()>& written) {
  const auto channel = ChannelId::make(bed.clock);
  auto write_some = [&bed, &ids, shop, channel, written](std::size_t from) {
    for (int m = 0; m < messages; ++m) {
      for (auto c = from; c < ids.size(); c += threads) {
        outbox::enqueue_sample(bed.db(), {.workspace = shop,
                                          .channel = channel,
                                          .conversation = ids[c],
                                          .sequence = m + 1,
                                          .text = std::to_string(m)});
        written();
      }
    }
  };
  std::vector<std::thread> writers;
  for (std::size_t w = 0; w < threads; ++w) writers.emplace_back(write_some, w);
  return writers;
}

}  // namespace

TEST_CASE("agreement, measure, appeal and the second operator, on both engines") {
  contract::on_each_engine(ANSWERABLE_POLICY_SCHEMAS, [](contract::Bed& bed) {
    const auto shop = open_shop(bed);
    const auto op = person(bed, access::Role::operator_), other = person(bed, access::Role::operator_);
    const auto admin = person(bed, access::Role::administrator, shop);
    for (int i = 0; i < 2; ++i)  // the second replaces the first
      write(bed, [&](store::Transaction& tx) -> Result<int> {
        TRY_STATUS(policy::save_agreement(tx, op, agreement_of(shop, bed.clock.now())));
        return 0;
      });
    const auto measure = write(bed, [&](store::Transaction& tx) {
      return policy::report_violation(tx, op,
                                      {.workspace = shop,
                                       .clause = "no_bulk",
                                       .control = "report",
                                       .object_kind = {},
                                       .object_id = {},
                                       .facts = "Sixty times the same."});
    });
    CHECK(measure.is_term);
    const auto made =
        write(bed, [&](store::Transaction& tx) { return policy::appeal(tx, admin, measure.id, "We were told to."); });
    CHECK(bed.db()
              .write([&](store::Transaction& tx) { return policy::appeal(tx, admin, measure.id, "Again."); })
              .error()
              .code == "already_appealed");
    write(bed, [&](store::Transaction& tx) {
      return policy::decide_appeal(tx, other, {.appeal = made.id, .is_reversed = true, .answer = "Right."});
    });
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      TRY(const auto waiting, policy::waiting_requests(tx));
      TRY_STATUS(policy::confirm(tx, op, waiting.at(0).id));
      TRY(const auto left, policy::suspensions(tx, shop));
      CHECK(left.empty());
      TRY(const auto all, policy::measures(tx, shop));
      CHECK(all.at(0).ended_as == "dismissed");
      TRY(const auto figures, policy::clause_figures(tx, Time{0}));
      CHECK(figures.at(0).dismissed == 1);
      TRY(const auto due, policy::due_notices(tx, 10));
      CHECK(due.size() == 4);  // the statement and the decision, to two addresses
      for (const auto& notice : due) TRY_STATUS(policy::record_notice(tx, notice, true, ""));
      TRY(const auto again, policy::due_notices(tx, 10));
      CHECK(again.empty());
      return 0;
    });
  });
}

TEST_CASE("the self-tests of the policy's controls pass on both engines") {
  contract::on_each_engine(ANSWERABLE_POLICY_SCHEMAS, [](contract::Bed& bed) {
    policy::Scratch scratch{.database = bed.db(), .clock = bed.clock};
    for (auto* self_test : {policy::test_ladders, policy::test_payment_deadline, policy::test_entitlements}) {
      const auto status = self_test(scratch);
      CHECK_MESSAGE(status.has_value(), (status ? std::string() : status.error().code + status.error().detail));
    }
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      for (bool is_ok : {false, true})
        TRY_STATUS(policy::record_control_test(
            tx, {.control = "x", .at = tx.now(), .is_ok = is_ok, .detail = is_ok ? "" : "no"}));
      TRY(const auto tests, policy::control_tests(tx));
      CHECK(tests.size() == 1);
      CHECK(tests.at(0).is_ok);
      return 0;
    });
  });
}

TEST_CASE("findings are counted while they are open, reviewed once, and go, on both engines") {
  contract::on_each_engine(ANSWERABLE_POLICY_SCHEMAS, [](contract::Bed& bed) {
    const auto shop = open_shop(bed);
    const auto op = person(bed, access::Role::operator_);
    const policy::NewFinding seen{.workspace = shop,
                                  .kind = "shared_code",
                                  .subject_kind = "user",
                                  .subject = "u1",
                                  .facts = "Twice.",
                                  .clause = "agreed_limits"};
    const auto report = [&](const policy::NewFinding& what) {
      return write(bed, [&](store::Transaction& tx) { return policy::report_finding(tx, what); });
    };
    const auto first = report(seen);
    CHECK(report(seen).times == 2);
    auto outside = seen;
    outside.workspace = {};
    outside.subject_kind = "network";
    report(outside);
    const auto list = [&] {
      return must(bed.db().query([&](store::Session& session) { return policy::findings(session, op); }));
    };
    CHECK(list().total == 2);
    CHECK(list().open == 2);
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::review_finding(tx, op, first.id, "violation"));
      return 0;
    });
    CHECK(list().open == 1);
    CHECK(list().items.back().outcome == "violation");
    CHECK(report(seen).times == 1);
    bed.clock.advance_ms(policy::finding_kept_ms);
    CHECK(write(bed, [](store::Transaction& tx) { return policy::delete_old_findings(tx, 2); }) == 2);
    CHECK(list().total == 1);
  });
}

TEST_CASE("a program is registered, approved, used and ended, on both engines") {
  contract::on_each_engine(ANSWERABLE_POLICY_SCHEMAS, [](contract::Bed& bed) {
    const auto shop = open_shop(bed);
    const auto admin = person(bed, access::Role::administrator, shop);
    const auto op = person(bed, access::Role::operator_);
    access::Authenticator authenticator(bed.db(), bed.clock);
    const auto asked = write(bed, [&](store::Transaction& tx) {
      return access::register_application(
          tx, admin, {.name = "Sync", .purpose = "Orders", .contact = {}, .expires_at = {}}, false);
    });
    const auto key = write(bed, [&](store::Transaction& tx) {
      return access::create_api_key(tx, admin, {.name = "K", .expires_at = {}, .application = asked.id});
    });
    const auto used = [&] {
      authenticator.changed();
      const auto actor = authenticator.by_api_key(key.secret);
      return actor ? std::string() : actor.error().code;
    };
    CHECK(used() == "application_not_approved");
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(access::decide_application(tx, op, asked.id, true));
      return 0;
    });
    CHECK(used() == "");
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(access::revoke_api_key(tx, admin, key.key.id));
      TRY_STATUS(access::end_application(tx, admin, asked.id));
      TRY_STATUS(access::date_legacy_applications(tx));
      return 0;
    });
    CHECK(used() == "api_key_invalid");
    const auto owner =
        must(bed.db().query([&](store::Session& session) { return access::find_key_owner(session, key.secret); }));
    REQUIRE(owner);
    CHECK(owner->application == asked.id);
  });
}

TEST_CASE("the messages of a period are counted exactly by many at once, on both engines") {
  contract::on_each_engine(ANSWERABLE_POLICY_SCHEMAS, [](contract::Bed& bed) {
    const auto shop = open_shop(bed);
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::save_agreement(tx, access::system_actor({}), agreement_of(shop, bed.clock.now())));
      return 0;
    });
    std::atomic<int> taken = 0;
    std::vector<std::thread> senders;
    for (int i = 0; i < 4; ++i)
      senders.emplace_back([&] {
        for (int j = 0; j < 3; ++j) {
          if (bed.db().write([&](store::Transaction& tx) { return policy::judge_message(tx, shop); })) ++taken;
        }
      });
    for (auto& sender : senders) sender.join();
    CHECK(taken == 5);
  });
}

TEST_CASE("suspended under load: nothing is lost, nothing is sent meanwhile, all resumes in order, on both engines") {
  contract::on_each_engine(ANSWERABLE_POLICY_SCHEMAS, [](contract::Bed& bed) {
    const auto shop = open_shop(bed);
    store::TemporaryFolder folder;
    auto blobs = store::open_blobs(folder.path() + "/blobs", std::string(32, 'k')).value();
    outbox::ScriptedCarrier carrier;
    auto dispatcher = outbox::Dispatcher::make(bed.db(), *blobs, [&](WorkspaceId, ChannelId) { return &carrier; },
                                               bed.metrics, {.node = "n", .threads = threads});
    must(dispatcher->start());
    const auto sent = [&] {
      const std::scoped_lock lock(carrier.mutex);
      return carrier.sent.size();
    };
    std::vector<ConversationId> ids;
    for (int i = 0; i < conversations; ++i) ids.push_back(ConversationId::make(bed.clock));
    auto writers = write_into(bed, shop, ids, [&] { dispatcher->wake(); });
    REQUIRE(until([&] { return sent() >= conversations; }));
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::suspend(tx, access::system_actor(shop),
                                 {.workspace = shop, .cause = "unusual_traffic", .reason = "Five times the usual."}));
      return 0;
    });
    const auto count = [&](store::Sql sql) {
      return must(bed.db().query([&](store::Session& session) { return session.number(sql); }));
    };
    REQUIRE(until([&] { return count("select count(*) from deliveries where state = 1") == 0; }));
    const auto before = sent();  // what had begun to leave has left
    for (auto& writer : writers) writer.join();
    dispatcher->wake();
    REQUIRE(until([&] { return count("select count(*) from deliveries where state = 2") > 0; }));
    CHECK(sent() == before);
    CHECK(count("select count(*) from deliveries") == conversations * messages);
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::report_cured(tx, shop, "unusual_traffic", true));
      TRY(const auto resumed, policy::resume_cured(tx));
      CHECK(resumed == 1);
      return 0;
    });
    dispatcher->wake();
    CHECK(until([&] { return sent() == std::size_t{conversations * messages}; }));
    dispatcher->stop();
    std::map<ConversationId, int> next;
    for (const auto& delivery : carrier.sent)
      CHECK(delivery.message.text == std::to_string(next[delivery.message.conversation]++));
    CHECK(carrier.sent.size() == std::size_t{conversations * messages});
  });
}
