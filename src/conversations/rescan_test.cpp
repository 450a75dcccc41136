#include "conversations/rescan.h"

#include <doctest/doctest.h>

#include "access/testing.h"
#include "conversations/attachments.h"
#include "conversations/removal.h"
#include "conversations/review.h"
#include "conversations/send_reply.h"
#include "conversations/testing.h"
#include "policy/content_rules.h"
#include "policy/cure.h"
#include "policy/version.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

constexpr std::int64_t minute_ms = 60'000;

struct Knows : policy::Scanner {
  std::string bad;  // what it finds
  bool is_away = false;
  Result<policy::Scanned> scan(std::string_view bytes) override {
    if (is_away) return fail(ErrorKind::unavailable, "scanner_unavailable", "away");
    if (!bad.empty() && bytes.contains(bad)) return policy::Scanned{policy::ScanVerdict::malware, "Bad"};
    return policy::Scanned{};
  }
  bool is_there() override { return !is_away; }
};

// The second violation of each clause stops sending; a clause is clean after ten minutes.
struct Bed {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase db = store::open_temporary(clock, metrics, ANSWERABLE_CONVERSATION_SCHEMAS);
  Company company{*db, clock};
  std::unique_ptr<store::Blobs> blobs = access::must(store::open_blobs(db.folder() + "/blobs", std::string(32, 'k')));
  Knows scanner;
  access::Actor op = access::system_actor({});
  Appended arrived = company.receive();

  explicit Bed(std::string_view clause, std::string_view ladder = "1 warn, 2 suspend sending") {
    company.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::publish_default(tx));
      policy::Agreement agreement{.workspace = company.workspace, .signed_at = clock.now(), .signatory = "Ada"};
      agreement.terms = {{std::string(clause), "ladder", std::string(ladder)},
                         {std::string(clause), std::string(policy::clean_rule), "10"}};
      TRY_STATUS(policy::save_agreement(tx, op, agreement));
      TRY_STATUS(policy::save_content_rule(
          tx, op,
          {.name = "Games", .clause = "lawful_content", .way = policy::ContentWay::outbound, .values = {"lottery"}}));
      return 0;
    });
    op.kind = access::Actor::Kind::user;
    op.role = access::Role::operator_;
    op.user = UserId::make(clock);
  }
  MessageId send(std::string text) {
    return company
        .write([&](store::Transaction& tx) {
          return send_reply(tx, company.alice, {.conversation = arrived.conversation, .text = std::move(text)});
        })
        .id;
  }
  void report(const access::Actor& by, std::string clause, std::string object_id = {}) {
    company.write([&](store::Transaction& tx) {
      return policy::report_violation(tx, by,
                                      {.workspace = company.workspace,
                                       .clause = std::move(clause),
                                       .control = "report",
                                       .object_kind = object_id.empty() ? "" : "message",
                                       .object_id = std::move(object_id),
                                       .facts = "It was seen."});
    });
  }
  std::string cause() {
    const auto all =
        company.read([&](store::Session& session) { return policy::suspensions(session, company.workspace); });
    return all.empty() ? std::string() : all.front().cause;
  }
  // What the server does every few seconds.
  void look() {
    access::must(end_cured_measures({*db, *blobs, &scanner}));
    company.write([](store::Transaction& tx) { return policy::resume_cured(tx); });
  }
};

}  // namespace

TEST_CASE("a suspension for a breach ends by itself once what waits is clean and the clause was kept for its time") {
  Bed bed("lawful_content");
  bed.send("The lottery is open.");
  const auto bad = bed.send("The lottery is open again.");
  CHECK(bed.cause() == "policy_breach");
  bed.clock.advance_ms(10 * minute_ms - 1);
  bed.look();
  CHECK(bed.cause() == "policy_breach");
  bed.clock.advance_ms(minute_ms);
  bed.look();
  CHECK(bed.cause() == "policy_breach");  // both still wait to leave
  bed.company.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(tx.execute("update deliveries set state = 12 where message_id <> $1", {bad}));  // failed: is no more
    return 0;
  });
  bed.look();
  CHECK(bed.cause() == "policy_breach");
  bed.company.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(take_down(tx, bed.company.administrator,
                         {.workspace = bed.company.workspace, .message = bad, .reason = "A lottery.", .original = {}}));
    return 0;
  });
  bed.look();
  CHECK(bed.cause().empty());
  CHECK(bed.company.error_of([&](store::Transaction& tx) {
    return find_held_original(tx, bed.company.administrator, bed.company.workspace, bad);
  }) == "not_yours_to_put_back");
}

TEST_CASE("a limit ends by itself once its clause was kept for its time") {
  Bed bed("no_bulk", "1 limit");
  bed.report(access::system_actor({}), "no_bulk");
  const auto limits = [&] {
    return bed.company
        .read([&](store::Session& session) { return policy::standing_limits(session, bed.company.workspace); })
        .size();
  };
  bed.clock.advance_ms(10 * minute_ms - 1);
  bed.look();
  CHECK(limits() == 1);
  bed.clock.advance_ms(1);
  bed.look();
  CHECK(limits() == 0);
}

TEST_CASE("what a person calls unlawful is suspended until it is taken down") {
  Bed bed("lawful_content", "1 suspend sending");
  const auto named = bed.send("Word by word from another's book.");
  bed.company.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(tx.execute("update deliveries set state = 10", {}));  // sent
    return 0;
  });
  bed.report(bed.op, "lawful_content", named.text());
  CHECK(bed.cause() == "unlawful_use");
  bed.clock.advance_ms(11 * minute_ms);
  bed.look();
  CHECK(bed.cause() == "unlawful_use");
  bed.company.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(tx.execute("update messages set withheld = 3 where id = $1", {named}));
    return 0;
  });
  bed.look();
  CHECK(bed.cause().empty());
}

TEST_CASE("after malware the scanner looks at the files that wait, and nothing resumes while it is away") {
  Bed bed(policy::malware_clause, "1 suspend sending");
  const auto put = access::must(bed.blobs->put("a file with a worm inside"));
  const auto upload = bed.company.write([&](store::Transaction& tx) {
    return create_upload(tx, bed.company.alice,
                         {.filename = "a.bin", .content_type = "application/x", .size = 25, .blob = put.digest});
  });
  bed.company.write([&](store::Transaction& tx) {
    return send_reply(tx, bed.company.alice,
                      {.conversation = bed.arrived.conversation, .text = "Here it is.", .attachments = {upload.id}});
  });
  bed.report(access::system_actor({}), std::string(policy::malware_clause));
  bed.clock.advance_ms(11 * minute_ms);
  bed.scanner.bad = "worm";
  bed.look();
  CHECK(bed.cause() == "policy_breach");
  bed.scanner.bad = {};
  bed.scanner.is_away = true;
  bed.look();
  CHECK(bed.cause() == "policy_breach");
  bed.scanner.is_away = false;
  bed.look();
  CHECK(bed.cause().empty());
}

TEST_CASE("who misuses access codes of the workspace is stopped until they are rotated") {
  Bed bed("no_intrusion", "1 suspend sending");
  bed.report(access::system_actor({}), "no_intrusion");
  CHECK(bed.cause() == "workspace_attack");
}
