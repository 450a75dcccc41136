// The rules on content at the step of intake.
#include "policy/judge_content.h"

#include "conversations/review.h"
#include "intake/mail_fixture.h"
#include "policy/content_rules.h"

namespace answerable::intake {
namespace {

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

}  // namespace
}  // namespace answerable::intake
