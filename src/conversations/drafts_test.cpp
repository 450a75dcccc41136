#include "conversations/drafts.h"

#include <doctest/doctest.h>

#include "access/report_exposed.h"
#include "conversations/testing.h"
#include "conversations/thread.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

struct Bed : CompanyBed {
  Appended arrived = company.receive();

  OpenConversation open() {
    return company.read(
        [&](store::Session& session) { return open_conversation(session, company.alice, arrived.conversation); });
  }
};

}  // namespace

TEST_CASE_FIXTURE(Bed, "drafts belong to one person; others see that there is one, not what it says") {
  auto before = company.last_seq();
  for (const char* text : {"H", "He", "Hello"})
    company.write(
        [&](store::Transaction& tx) { return save_draft(tx, company.bob, arrived.conversation, text, "note"); });
  CHECK(company.events(before).size() == 1);
  auto opened = open();
  CHECK_FALSE(opened.draft);
  REQUIRE(opened.drafts_of_others.size() == 1);
  CHECK(opened.drafts_of_others[0].user == company.bob.user);
  CHECK(opened.drafts_of_others[0].text.empty());
  CHECK(company.error_of([&](store::Transaction& tx) {
    return save_draft(tx, company.bob, arrived.conversation, "x", "mail");
  }) == "bad_kind");
}

TEST_CASE_FIXTURE(Bed, "a draft of the day before its author's code was reported is marked until it is written on") {
  const auto save = [&] {
    company.write([&](store::Transaction& tx) {
      return save_draft(tx, company.alice, arrived.conversation, "Dear Sami", "reply");
    });
  };
  const auto report = [&](UserId user) {
    company.write([&](store::Transaction& tx) {
      return access::open_incident(tx, company.workspace, access::IncidentKind::exposed_code, user, {});
    });
  };
  save();
  clock.advance_ms(access::looked_back_ms);
  report(company.bob.user);
  CHECK_FALSE(open().draft->was_exposed);
  report(company.alice.user);
  CHECK(open().draft->was_exposed);
  clock.advance_ms(1);
  save();
  CHECK_FALSE(open().draft->was_exposed);
  clock.advance_ms(access::looked_back_ms + 1);
  report(company.alice.user);
  CHECK_FALSE(open().draft->was_exposed);
}
