// The rules on content at the step of intake.
#include "policy/judge_content.h"

#include "access/user.h"
#include "access/workspace.h"
#include "conversations/review.h"
#include "intake/mail_fixture.h"
#include "policy/content_rules.h"
#include "store/statement_count.h"

namespace answerable::intake {
namespace {

// Of a mail in a conversation that exists, from the spool to its place; whoever adds to it changes this on purpose.
constexpr std::int64_t arrival_statements_max = 26;

struct Judged : Fixture {
  Judged() { REQUIRE(intake->start()); }
  void rule(policy::ContentAction action) {
    REQUIRE(database->write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(policy::save_content_rule(tx, access::system_actor(workspace),
                                           {.workspace = workspace,
                                            .name = "Games",
                                            .kind = policy::ContentKind::words,
                                            .action = action,
                                            .values = {"lottery"}}));
      return {};
    }));
  }
};

TEST_CASE_FIXTURE(Judged, "what a rule refuses goes to the quarantine with its name, and is let through by replay") {
  rule(policy::ContentAction::refuse);
  receive("a@example.com|one@x||The lottery");
  CHECK(messages() == 0);
  CHECK(stats().quarantined == 1);
  const auto page =
      database->query([&](store::Session& session) { return list_quarantine(session, workspace, {}, 10); }).value();
  REQUIRE(page.items.size() == 1);
  CHECK(page.items[0].reason == "content_refused");
  CHECK(page.items[0].detail == "Games: A question The lottery");
  REQUIRE(intake->replay(actor, page.items[0].id));
  intake->wait_until_idle();
  CHECK(messages() == 1);
  CHECK(count("select count(*) from messages where withheld = 0 and findings = 1") == 1);
}

TEST_CASE_FIXTURE(Judged, "what a rule holds is in its place and waits for a reviewer; the next one does not wait") {
  rule(policy::ContentAction::hold);
  receive("a@example.com|one@x||The lottery");
  receive("a@example.com|two@x|one@x|Hello?");
  CHECK(messages() == 2);
  CHECK(stats().appended == 2);
  CHECK(count("select count(*) from messages where withheld = 1") == 1);
  CHECK(count("select count(*) from reviews where decided_at is null and is_outbound = 0") == 1);
}

TEST_CASE_FIXTURE(Judged, "what a rule notes or warns of arrives with what was found") {
  rule(policy::ContentAction::warn);
  receive("a@example.com|one@x||The lottery");
  CHECK(count("select count(*) from messages where withheld = 0 and findings = 1") == 1);
  CHECK(count("select count(*) from content_hits where is_outbound = 0") == 1);
}

TEST_CASE_FIXTURE(Judged, "a text file that comes with it is judged like the text") {
  rule(policy::ContentAction::hold);
  receive("a@example.com|one@x||with a file");
  CHECK(count("select count(*) from reviews where decided_at is null and is_outbound = 0") == 1);
}

struct Named : Judged {
  Named() {
    REQUIRE(database->write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(policy::save_default_content_rules(tx));
      TRY_STATUS(access::create_user(tx, access::system_actor(workspace),
                                     {.workspace = workspace,
                                      .name = "Nora Lindqvist",
                                      .email = "nora@shop.example",
                                      .role = access::Role::agent,
                                      .password_hash = "x"}));
      return {};
    }));
  }
  std::int64_t noted() { return count("select count(*) from content_hits"); }
};

TEST_CASE_FIXTURE(Named, "whose name it is goes by the addresses of people and channels as they are now") {
  receive("Nora Lindqvist<nora@else.example>|one@x||Hello");
  CHECK(noted() == 1);
  receive("Nora Lindqvist<help@example.org>|two@x||Hello");
  CHECK(noted() == 1);
  add_channel("email", "nora@else.example");
  receive("Nora Lindqvist<nora@else.example>|three@x||Hello");
  CHECK(noted() == 1);
}

TEST_CASE_FIXTURE(Named, "what an arriving mail costs is bounded, and judging it is one statement of these") {
  receive("a@example.com|one@x||Hello");
  const auto before = store::statements_run();
  receive("a@example.com|two@x|one@x|Hello again");
  const auto cost = store::statements_run() - before;
  CHECK(cost <= arrival_statements_max);
}

}  // namespace
}  // namespace answerable::intake
