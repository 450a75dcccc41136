#include <doctest/doctest.h>

#include "access/schema.h"
#include "access/testing.h"
#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "policy/cure.h"
#include "policy/suspend.h"
#include "policy/two_person.h"
#include "store/error_of_test.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

struct Bed {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase db =
      store::open_temporary(clock, metrics, {cluster::schema(), audit::schema(), access::schema(), schema()});
  WorkspaceId workspace = WorkspaceId::make(clock);

  access::Actor actor(access::Role role) const {
    access::Actor one;
    one.kind = access::Actor::Kind::user;
    one.role = role;
    one.workspace = workspace;
    return one;
  }
  // For a cause of their own, which an administrator may set and lift.
  NewSuspension pause() const { return {.workspace = workspace, .cause = "closed_for_now", .reason = "We are away."}; }
  NewSuspension sending() const {
    return {.workspace = workspace, .cause = "payment_default", .reason = "The bill is open."};
  }
  template <class F>
  std::string error_of(F&& job) {
    return store::error_of(*db, std::forward<F>(job));
  }
  std::string suspend_as(const access::Actor& who, const NewSuspension& what) {
    return error_of([&](store::Transaction& tx) { return suspend(tx, who, what); });
  }
  std::string lift_as(const access::Actor& who) {
    return error_of([&](store::Transaction& tx) { return lift(tx, who, workspace, Scope::sending); });
  }
  std::string judged() {
    return error_of([&](store::Transaction& tx) { return judge_sending(tx, workspace); });
  }
};

}  // namespace

TEST_CASE("a suspension holds until it is lifted, and both are events and ledger entries") {
  Bed bed;
  auto administrator = bed.actor(access::Role::administrator);
  CHECK(bed.judged() == "");
  CHECK(bed.suspend_as(administrator, bed.pause()) == "");
  CHECK(bed.judged() == "sending_suspended");
  CHECK(bed.suspend_as(administrator, bed.pause()) == "already_suspended");
  CHECK(bed.lift_as(administrator) == "");
  CHECK(bed.judged() == "");
  CHECK(bed.lift_as(administrator) == "not_suspended");
  auto count = [&](store::Sql sql) {
    return bed.db->query([&](store::Session& session) { return session.number(sql, {bed.workspace}); }).value();
  };
  CHECK(count("select count(*) from events where workspace_id = $1") == 2);
  CHECK(count("select count(*) from ledger_entries where workspace_id = $1") == 2);
}

TEST_CASE("the reason is what the workspace is told") {
  Bed bed;
  bed.suspend_as(bed.actor(access::Role::administrator), bed.pause());
  auto judged = bed.db->query([&](store::Session& session) -> Result<int> {
    TRY_STATUS(judge_sending(session, bed.workspace));
    return 0;
  });
  REQUIRE_FALSE(judged);
  CHECK(judged.error().kind == ErrorKind::suspended);
  CHECK(judged.error().detail == "We are away.");
}

TEST_CASE("a suspension with an end is over at that moment and makes place for another") {
  Bed bed;
  auto what = bed.pause();
  what.until = bed.clock.now() + 1'000;
  CHECK(bed.suspend_as(bed.actor(access::Role::administrator), what) == "");
  bed.clock.advance_ms(999);
  CHECK(bed.judged() == "sending_suspended");
  bed.clock.advance_ms(1);
  CHECK(bed.judged() == "");
  CHECK(bed.suspend_as(bed.actor(access::Role::administrator), bed.pause()) == "");
}

TEST_CASE("agents may not suspend, administrators only their own workspace, the operator any") {
  Bed bed;
  auto elsewhere = bed.actor(access::Role::administrator);
  elsewhere.workspace = WorkspaceId::make(bed.clock);
  auto the_operator = bed.actor(access::Role::operator_);
  the_operator.workspace = {};
  CHECK(bed.suspend_as(bed.actor(access::Role::agent), bed.sending()) == "not_allowed");
  CHECK(bed.suspend_as(bed.actor(access::Role::supervisor), bed.sending()) == "not_allowed");
  CHECK(bed.suspend_as(elsewhere, bed.sending()) == "not_allowed");
  CHECK(bed.suspend_as(the_operator, bed.sending()) == "");
  CHECK(bed.lift_as(elsewhere) == "not_allowed");
  CHECK(bed.lift_as(bed.actor(access::Role::administrator)) == "not_yours_to_lift");
  CHECK(bed.lift_as(the_operator) == "second_person_needed");
}

TEST_CASE("each scope stops its own acts, and everything stops all of them") {
  Bed bed;
  auto suspended = [&](Scope scope) {
    return bed.db->query([&](store::Session& session) { return find_suspension(session, bed.workspace, scope); })
        .value()
        .has_value();
  };
  const auto scopes = {Scope::sending, Scope::new_conversations, Scope::api, Scope::sign_in};
  for (auto scope : scopes) {
    auto what = bed.sending();
    what.scope = scope;
    CHECK(bed.suspend_as(access::system_actor(bed.workspace), what) == "");
    for (auto other : scopes) CHECK(suspended(other) == (other == scope));
    CHECK(parse_scope(to_string(scope)) == scope);
    CHECK(bed.error_of([&](store::Transaction& tx) {
      return lift(tx, access::system_actor(bed.workspace), bed.workspace, scope);
    }) == "");
  }
  auto all = bed.sending();
  all.scope = Scope::everything;
  CHECK(bed.suspend_as(access::system_actor(bed.workspace), all) == "");
  for (auto scope : scopes) CHECK(suspended(scope));
}

TEST_CASE("suspensions for two causes end one by one, each by its own cure") {
  Bed bed;
  const auto system = access::system_actor(bed.workspace);
  auto attack = bed.sending();
  attack.cause = "workspace_attack";
  CHECK(bed.suspend_as(system, bed.sending()) == "");
  CHECK(bed.suspend_as(system, attack) == "");
  const auto resumed = [&] {
    const bool is_expected = bed.db->query([](store::Session& session) { return is_anything_cured(session); }).value();
    const int count = bed.db->write([](store::Transaction& tx) { return resume_cured(tx); }).value();
    CHECK(is_expected == (count > 0));
    return count;
  };
  CHECK(resumed() == 1);  // no access code of before is left
  CHECK(bed.judged() == "sending_suspended");
  CHECK(resumed() == 0);
  const auto report = [&](std::string_view cause, bool is_cured) {
    CHECK(bed.error_of([&](store::Transaction& tx) { return report_cured(tx, bed.workspace, cause, is_cured); }) == "");
  };
  report("unusual_traffic", true);
  CHECK(resumed() == 0);
  report("payment_default", true);
  report("payment_default", false);
  CHECK(resumed() == 0);
  report("payment_default", true);
  CHECK(resumed() == 1);
  CHECK(bed.judged() == "");
}

TEST_CASE("codes of before keep an attacked workspace suspended until they are gone") {
  Bed bed;
  auto attack = bed.sending();
  attack.cause = "workspace_attack";
  const auto open = [&] {
    return bed.db
        ->write([&](store::Transaction& tx) {
          return access::open_session(
              tx, {.workspace = bed.workspace, .user = UserId::make(bed.clock), .user_agent = "", .address = ""});
        })
        .value();
  };
  open();
  CHECK(bed.suspend_as(access::system_actor(bed.workspace), attack) == "");
  const auto resumed = [&] { return bed.db->write([](store::Transaction& tx) { return resume_cured(tx); }).value(); };
  CHECK(resumed() == 0);
  CHECK(bed.error_of([&](store::Transaction& tx) -> Status {
    TRY_STATUS(tx.execute("delete from sessions", {}));
    return {};
  }) == "");
  bed.clock.advance_ms(1);
  open();
  CHECK(resumed() == 1);
}

TEST_CASE("a suspension that has run out is ended by the worker, with event and entry") {
  Bed bed;
  auto what = bed.sending();
  what.until = bed.clock.now() + 1'000;
  CHECK(bed.suspend_as(access::system_actor(bed.workspace), what) == "");
  CHECK(bed.db->write([](store::Transaction& tx) { return resume_cured(tx); }).value() == 0);
  bed.clock.advance_ms(1'000);
  CHECK(bed.db->write([](store::Transaction& tx) { return resume_cured(tx); }).value() == 1);
  const auto entries =
      bed.db->query([&](store::Session& session) { return audit::entry_count(session, bed.workspace); }).value();
  CHECK(entries == 2);
}

TEST_CASE("lifting by hand and the kill switch take two different operators, within a day") {
  Bed bed;
  bed.workspace =
      bed.db
          ->write([](store::Transaction& tx) { return access::create_workspace(tx, access::system_actor({}), "Shop"); })
          .value()
          .id;
  auto op = [&] {
    auto one = bed.actor(access::Role::operator_);
    one.workspace = {};
    one.user = UserId::make(bed.clock);
    return one;
  };
  const auto first = op();
  const auto second = op();
  const auto asked = [&](const access::Actor& who, const NewTwoPersonRequest& what) {
    return bed.db->write([&](store::Transaction& tx) { return ask(tx, who, what); });
  };
  const auto confirmed = [&](const access::Actor& who, RequestId id) {
    return bed.error_of([&](store::Transaction& tx) { return confirm(tx, who, id); });
  };
  NewTwoPersonRequest kill{.workspace = bed.workspace, .act = TwoPersonAct::kill, .cause = "x", .reason = "An order."};
  CHECK(asked(first, kill).error().code == "bad_cause");
  kill.cause = "legal_prohibition";
  CHECK(asked(bed.actor(access::Role::administrator), kill).error().code == "not_allowed");
  auto request = asked(first, kill).value();
  CHECK(asked(second, kill).error().code == "already_asked");
  CHECK(confirmed(first, request.id) == "second_person_must_differ");
  CHECK(bed.judged() == "");
  bed.clock.advance_ms(two_person_wait_ms - 1);
  CHECK(confirmed(second, request.id) == "");
  CHECK(bed.judged() == "sending_suspended");
  CHECK(confirmed(second, request.id) == "request_unknown");

  const auto suspension =
      bed.db->query([&](store::Session& session) { return suspensions(session, bed.workspace); }).value().at(0);
  const NewTwoPersonRequest lifting{.workspace = bed.workspace, .suspension = suspension.id, .reason = "Lifted."};
  request = asked(first, lifting).value();
  bed.clock.advance_ms(two_person_wait_ms);
  CHECK(confirmed(second, request.id) == "request_unknown");  // a day has passed
  request = asked(first, lifting).value();
  CHECK(bed.error_of([&](store::Transaction& tx) { return withdraw(tx, first, request.id); }) == "");
  request = asked(second, lifting).value();
  CHECK(confirmed(first, request.id) == "");
  CHECK(bed.judged() == "");
  CHECK(asked(first, lifting).error().code == "not_suspended");
}

TEST_CASE("cause, reason and end are checked at their bounds") {
  Bed bed;
  auto administrator = bed.actor(access::Role::administrator);
  auto with = [&](std::string cause, std::string reason) {
    auto what = bed.pause();
    what.cause = std::move(cause);
    what.reason = std::move(reason);
    auto error = bed.suspend_as(administrator, what);
    if (error.empty()) bed.lift_as(administrator);
    return error;
  };
  CHECK(with(std::string(cause_max_bytes, 'a'), "x") == "");
  CHECK(with(std::string(cause_max_bytes + 1, 'a'), "x") == "bad_cause");
  CHECK(with("", "x") == "bad_cause");
  CHECK(with("Bad Cause", "x") == "bad_cause");
  CHECK(with("a", std::string(reason_max_bytes, 'x')) == "");
  CHECK(with("a", std::string(reason_max_bytes + 1, 'x')) == "bad_reason");
  CHECK(with("a", "") == "bad_reason");
  auto past = bed.pause();
  past.until = bed.clock.now();
  CHECK(bed.suspend_as(administrator, past) == "bad_until");
}

// Whoever took such a cause's place beforehand could lift what a control or the operator wants later.
TEST_CASE("an administrator suspends for no cause that the operator and the controls go by") {
  Bed bed;
  for (const auto* cause : {"policy_breach", "unusual_traffic", "payment_default", "legal_prohibition", "emergency"}) {
    auto what = bed.sending();
    what.cause = cause;
    CHECK(bed.suspend_as(bed.actor(access::Role::administrator), what) == "cause_reserved");
    CHECK(bed.suspend_as(access::system_actor(bed.workspace), what) == "");
  }
}

TEST_CASE("the ledger names a cause that the program knows, and no other words") {
  Bed bed;
  const auto last_cause = [&] {
    const auto entries = access::must(
        bed.db->query([&](store::Session& session) { return audit::entries(session, bed.workspace, 0, 1'000); }));
    return access::must(audit::decode_entry(entries.back().encoded)).details.front().second;
  };
  const auto administrator = bed.actor(access::Role::administrator);
  CHECK(bed.suspend_as(access::system_actor(bed.workspace), bed.sending()) == "");
  CHECK(last_cause() == "payment_default");
  auto named = bed.sending();
  named.cause = "bob_miller_left";
  CHECK(bed.suspend_as(administrator, named) == "");
  CHECK(last_cause() == "other");
}
