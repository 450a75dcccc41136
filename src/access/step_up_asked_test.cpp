#include "access/step_up_asked.h"

#include <doctest/doctest.h>

#include "access/authenticator.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

struct Asking : AccessFixture {
  StepUpAsked asked{clock};
  User zoe = add("zoe@acme.example", Role::agent);

  Actor in_session(bool is_confirmed, SessionId session = {}) const {
    auto actor = actor_of(zoe, session);
    actor.is_confirmed = is_confirmed;
    return actor;
  }
};

TEST_CASE_FIXTURE(Asking, "each session goes on once it has confirmed; after a day all do; others are not asked") {
  const auto laptop = SessionId::make(clock), telephone = SessionId::make(clock);
  CHECK(!asked.must_confirm(in_session(false, laptop)));
  asked.ask(zoe.id);
  // The answer may be one from before the question: it counts neither way.
  CHECK(!asked.must_confirm(in_session(true, laptop)));
  clock.advance_ms(StepUpAsked::begins_after_ms);
  CHECK(asked.must_confirm(in_session(false, laptop)));
  CHECK(!asked.must_confirm(in_session(true, laptop)));
  CHECK(!asked.must_confirm(in_session(false, laptop)));
  CHECK(asked.must_confirm(in_session(false, telephone)));
  CHECK(!asked.must_confirm(actor_of(add("max@acme.example", Role::agent))));
  asked.ask(zoe.id);
  clock.advance_ms(StepUpAsked::begins_after_ms);
  CHECK(asked.must_confirm(in_session(false, laptop)));
  clock.advance_ms(StepUpAsked::asked_ms);
  CHECK(!asked.must_confirm(in_session(false, laptop)));
}

TEST_CASE_FIXTURE(Asking, "asking again ends confirmations, not sessions, and tells the person") {
  const auto opened = must(database->write([&](store::Transaction& tx) {
    return open_session(tx, {.workspace = zoe.workspace, .user = zoe.id, .user_agent = "T", .address = "::1"});
  }));
  Authenticator authenticator(*database, clock);
  CHECK(must(authenticator.by_session(opened.token)).is_confirmed);
  must(database->write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(ask_again(tx, workspace.id, zoe.id, LetterKind::shared_code));
    return 0;
  }));
  clock.advance_ms(StepUpAsked::begins_after_ms);
  CHECK(!must(authenticator.by_session(opened.token)).is_confirmed);
  const auto mails = must(database->write([](store::Transaction& tx) { return claim_account_mails(tx, 1'000, 10); }));
  REQUIRE(mails.size() == 1);
  CHECK(mails.front().kind == LetterKind::shared_code);
  CHECK(mails.front().to == "zoe@acme.example");
  CHECK(acts().back() == "session.ask_again");
  const auto unknown = database->write(
      [&](store::Transaction& tx) { return ask_again(tx, workspace.id, UserId::make(clock), LetterKind::much_read); });
  CHECK(unknown.error().code == "user_unknown");
}

}  // namespace
}  // namespace answerable::access
