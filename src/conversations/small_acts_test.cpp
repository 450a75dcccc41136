// What the small acts on a conversation have in common: set_status.h, snooze.h, rename.h, tags.h, mark_read.h.
#include <doctest/doctest.h>

#include <functional>

#include "conversations/list.h"
#include "conversations/mark_read.h"
#include "conversations/rename.h"
#include "conversations/set_status.h"
#include "conversations/snooze.h"
#include "conversations/tags.h"
#include "conversations/testing.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

struct Bed : CompanyBed {
  ConversationId id = company.receive().conversation;

  std::int64_t entries() {
    return company.read([&](store::Session& session) {
      return session.number("select count(*) from ledger_entries where workspace_id = $1", {company.workspace});
    });
  }
  // How many events and ledger entries the act leaves.
  std::pair<std::int64_t, std::int64_t> left_by(const std::function<Status(store::Transaction&)>& act) {
    const auto events_before = company.last_seq();
    const auto entries_before = entries();
    company.write([&](store::Transaction& tx) -> Result<bool> {
      TRY_STATUS(act(tx));
      return true;
    });
    return {company.last_seq() - events_before, entries() - entries_before};
  }
  ConversationItem item() {
    return company.read([&](store::Session& session) { return load_item(session, company.workspace, id); });
  }
};

template <class T>
Status done(const Result<T>& result) {
  return result ? Status() : Status(std::unexpected(result.error()));
}

}  // namespace

TEST_CASE_FIXTURE(Bed, "small acts leave one event and one entry each, and none when nothing changes") {
  const auto& alice = company.alice;
  const auto until = clock.now() + 60'000;
  const std::function<Status(store::Transaction&)> acts[] = {
      [&](store::Transaction& tx) { return done(close(tx, alice, id)); },
      [&](store::Transaction& tx) { return done(reopen(tx, alice, id)); },
      [&](store::Transaction& tx) { return done(snooze(tx, alice, id, until)); },
      [&](store::Transaction& tx) { return done(rename(tx, alice, id, "New\nname")); },
      [&](store::Transaction& tx) { return done(set_tags(tx, alice, id, {"late"})); },
  };
  const std::pair<std::int64_t, std::int64_t> nothing = {0, 0}, one_of_each = {1, 1}, only_an_event = {1, 0};
  for (const auto& act : acts) {
    CHECK(left_by(act) == one_of_each);
    CHECK(left_by(act) == nothing);
  }
  auto read = [&](store::Transaction& tx) { return mark_read(tx, alice, id, false); };
  CHECK(left_by(read) == only_an_event);
  CHECK(left_by(read) == nothing);
  CHECK(item().status == ConversationStatus::snoozed);
  CHECK(item().subject == "New name");
  CHECK(item().tags == std::vector<std::string>{"late"});
  CHECK_FALSE(item().is_unread);
}

TEST_CASE_FIXTURE(Bed, "who has seen an older version is refused") {
  auto require = [&](std::int64_t version) {
    return company.error_of([&](store::Transaction& tx) -> Result<bool> {
      TRY_STATUS(require_version(tx, company.workspace, id, version));
      return true;
    });
  };
  CHECK(require(item().version) == "");
  CHECK(require(item().version - 1) == "version_mismatch");
}
