// What a message is judged by is kept in memory, and is what the database has.
#include "policy/judging.h"

#include "access/provision.h"
#include "access/user.h"
#include "policy/content_rules.h"
#include "policy/court_test.h"
#include "policy/judge_content.h"
#include "policy/kept.h"
#include "store/statement_count.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

Result<std::vector<std::string>> no_addresses(store::Session&, WorkspaceId) { return std::vector<std::string>(); }

struct Street : Court {
  access::Actor shops = access::system_actor(shop);

  Street() { REQUIRE(error_of(save_default_content_rules) == ""); }
  UserId add(const std::string& name, const std::string& address) {
    return write([&](store::Transaction& tx) {
             return access::create_user(tx, shops,
                                        {.workspace = shop,
                                         .name = name,
                                         .email = address,
                                         .role = access::Role::agent,
                                         .password_hash = "x"});
           })
        .id;
  }
  Result<ContentJudgement> judge(store::Session& session, std::string_view name, std::string_view address) {
    return judge_content(session, {.workspace = shop},
                         {.channel_kind = "email", .text = "Hello", .from_name = name, .from_address = address},
                         no_addresses);
  }
  ContentAction action_on(std::string_view name, std::string_view address) {
    return read([&](store::Session& session) { return judge(session, name, address); }).action();
  }
  std::size_t found(std::string_view name, std::string_view address) {
    return read([&](store::Session& session) { return judge(session, name, address); }).findings().size();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Street, "judging a message is one statement, however many people the workspace has") {
  for (int i = 0; i < 50; ++i) add("Person " + std::to_string(i), "p" + std::to_string(i) + "@shop.example");
  CHECK(found("Zoe", "zoe@x.example") == 0);
  const auto before = store::statements_run();
  for (int i = 0; i < 10; ++i) CHECK(found("Zoe", "zoe@x.example") == 0);
  CHECK(store::statements_run() - before == 10);
}

TEST_CASE_FIXTURE(Street, "a person who comes, moves or goes is known to the next message") {
  CHECK(found("Nora Lindqvist", "nora@else.example") == 0);
  const auto nora = add("Nora Lindqvist", "nora@shop.example");
  CHECK(found("Nora Lindqvist", "nora@else.example") == 1);
  CHECK(error_of([&](store::Transaction& tx) {
          return access::change_address(tx, shops, nora, "nora@else.example");
        }) == "");
  CHECK(found("Nora Lindqvist", "nora@else.example") == 0);
  CHECK(found("Nora Lindqvist", "nora@shop.example") == 1);
  CHECK(error_of([&](store::Transaction& tx) { return access::update_user(tx, shops, nora, {.name = "Nora Berg"}); }) ==
        "");
  CHECK(found("Nora Lindqvist", "nora@shop.example") == 0);
  CHECK(found("Nora Berg", "nora@shop.example") == 1);
  CHECK(error_of([&](store::Transaction& tx) { return access::update_user(tx, shops, nora, {.is_active = false}); }) ==
        "");
  CHECK(found("Nora Berg", "nora@shop.example") == 0);
}

TEST_CASE_FIXTURE(Street, "what a transaction that failed has left in memory is never found") {
  CHECK(found("Nora Lindqvist", "nora@else.example") == 0);
  CHECK(error_of([&](store::Transaction& tx) -> Status {
          TRY_STATUS(access::create_user(tx, shops,
                                         {.workspace = shop,
                                          .name = "Nora Lindqvist",
                                          .email = "nora@shop.example",
                                          .role = access::Role::agent,
                                          .password_hash = "x"}));
          TRY(const auto judged, judge(tx, "Nora Lindqvist", "nora@else.example"));
          CHECK(judged.findings().size() == 1);
          return fail(ErrorKind::conflict, "changed_my_mind", "No.");
        }) == "changed_my_mind");
  CHECK(found("Nora Lindqvist", "nora@else.example") == 0);
}

TEST_CASE_FIXTURE(Street, "a measure that begins or ends is known to the next message") {
  CHECK(action_on("Zoe", "zoe@x.example") == ContentAction::note);
  auto malware = bulk();
  malware.clause = "no_malware";  // its ladder begins with a block
  malware.object_kind = "sender";
  malware.object_id = "zoe@x.example";
  const auto measure = report(malware);
  REQUIRE(measure.kind == MeasureKind::block);
  CHECK(action_on("Zoe", "zoe@x.example") == ContentAction::refuse);
  CHECK(error_of([&](store::Transaction& tx) { return end_measure(tx, op, shop, measure.id, "dismissed"); }) == "");
  CHECK(action_on("Zoe", "zoe@x.example") == ContentAction::note);
}

TEST_CASE("what is kept is bounded, and all is let go beyond") {
  FakeClock clock;
  Kept<int> kept(10);
  const auto one = WorkspaceId::make(clock), other = WorkspaceId::make(clock);
  const auto state = access::RevisionId::make(clock);
  kept.keep(one, state, std::make_shared<const int>(1), 4);
  kept.keep(one, state, std::make_shared<const int>(2), 4);  // in place of the former
  kept.keep(other, state, std::make_shared<const int>(3), 4);
  REQUIRE(kept.find(one, state));
  CHECK(*kept.find(one, state) == 2);
  CHECK(kept.find(other, state));
  CHECK_FALSE(kept.find(one, access::RevisionId::make(clock)));
  kept.keep(WorkspaceId::make(clock), state, std::make_shared<const int>(4), 0);
  CHECK_FALSE(kept.find(one, state));
  CHECK_FALSE(kept.find(other, state));
}
