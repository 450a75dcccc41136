#include <doctest/doctest.h>

#include "access/schema.h"
#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "policy/suspend.h"
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
  NewSuspension sending() const {
    return {.workspace = workspace, .cause = "payment_default", .reason = "The bill is open."};
  }
  template <class F>
  std::string error_of(F&& job) {
    auto done = db->write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(job(tx));
      return 0;
    });
    return done ? "" : done.error().code;
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
  CHECK(bed.suspend_as(administrator, bed.sending()) == "");
  CHECK(bed.judged() == "sending_suspended");
  CHECK(bed.suspend_as(administrator, bed.sending()) == "already_suspended");
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
  bed.suspend_as(bed.actor(access::Role::administrator), bed.sending());
  auto judged = bed.db->query([&](store::Session& session) -> Result<int> {
    TRY_STATUS(judge_sending(session, bed.workspace));
    return 0;
  });
  REQUIRE_FALSE(judged);
  CHECK(judged.error().kind == ErrorKind::suspended);
  CHECK(judged.error().detail == "The bill is open.");
}

TEST_CASE("a suspension with an end is over at that moment and makes place for another") {
  Bed bed;
  auto what = bed.sending();
  what.until = bed.clock.now() + 1'000;
  CHECK(bed.suspend_as(bed.actor(access::Role::administrator), what) == "");
  bed.clock.advance_ms(999);
  CHECK(bed.judged() == "sending_suspended");
  bed.clock.advance_ms(1);
  CHECK(bed.judged() == "");
  CHECK(bed.suspend_as(bed.actor(access::Role::administrator), bed.sending()) == "");
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
}

TEST_CASE("cause, reason and end are checked at their bounds") {
  Bed bed;
  auto administrator = bed.actor(access::Role::administrator);
  auto with = [&](std::string cause, std::string reason) {
    auto what = bed.sending();
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
  auto past = bed.sending();
  past.until = bed.clock.now();
  CHECK(bed.suspend_as(administrator, past) == "bad_until");
}
