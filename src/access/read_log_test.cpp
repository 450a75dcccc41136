#include "access/read_log.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/read_recorder.h"
#include "access/session.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

using What = ReadRecorder::What;

struct Readers : AccessFixture {
  Actor administrator = actor_of(add("ada@acme.example", Role::administrator));
  Actor zoe = actor_of(add("zoe@acme.example", Role::agent));
  ContactId kim = ContactId::make(clock);
  ReadRecorder recorder{*database, clock};

  ~Readers() { recorder.stop(); }

  What conversation(ContactId of) { return {.contact = of, .conversation = ConversationId::make(clock)}; }
  Status open(const Actor& by, const What& what, const Opened& opened, std::string reason = {}) {
    return database->read(
        [&](store::Session& session) { return recorder.open(session, by, what, opened, std::move(reason)); });
  }
  ReadPage list(const ReadFilter& filter = {}, std::optional<std::int64_t> before = {}, int limit = 100) {
    must(recorder.write());
    return must(database->query([&](store::Session& s) { return readings(s, administrator, filter, before, limit); }));
  }
  ReadVerdict check() {
    return must(database->query([&](store::Session& s) { return check_readings(s, administrator); }));
  }
  void read_some(int count) {
    for (int i = 0; i < count; ++i) must(recorder.note(zoe, conversation(kim)));
    must(recorder.write());
  }
  std::int64_t seals() { return std::ranges::count(acts(), "read_log.seal"); }
};

TEST_CASE_FIXTURE(Readers, "who opened whose data is found by person and by contact, newest first, page by page") {
  const auto lee = ContactId::make(clock);
  must(recorder.note(zoe, conversation(kim)));
  clock.advance_ms(1'000);
  must(recorder.note(administrator, {.kind = ReadKind::attachment, .contact = lee, .object = "file"}));
  must(recorder.note(zoe, {.kind = ReadKind::search, .object = "kim@customer.example"}));
  const auto all = list();
  REQUIRE(all.total == 3);
  CHECK(all.items[0].kind == ReadKind::search);
  CHECK(all.items[0].object == "kim@customer.example");
  CHECK(all.items[2].seq == 1);
  CHECK(all.items[2].contact == kim);
  CHECK(list({.reader = zoe.user, .contact = std::nullopt}).total == 2);
  CHECK(list({.reader = std::nullopt, .contact = lee}).items.at(0).actor_id == administrator.user.text());
  const auto first = list({}, {}, 2);
  REQUIRE(first.next);
  CHECK(list({}, first.next, 2).items.at(0).seq == 1);
  const auto as_agent = database->query([&](store::Session& s) { return readings(s, zoe, {}, {}, 10); });
  CHECK(as_agent.error().code == "not_allowed");
}

TEST_CASE_FIXTURE(Readers, "the same read again is noted once in ten minutes") {
  const auto what = conversation(kim);
  for (int i = 0; i < 3; ++i) must(recorder.note(zoe, what));
  CHECK(list().total == 1);
  clock.advance_ms(ReadRecorder::same_within_ms - 1);
  must(recorder.note(zoe, what));
  CHECK(list().total == 1);
  clock.advance_ms(1);
  must(recorder.note(zoe, what));
  CHECK(list().total == 2);
}

TEST_CASE_FIXTURE(Readers, "a minute's readings are one entry of the ledger, and a changed, lost or added row shows") {
  read_some(3);
  CHECK(seals() == 0);
  clock.advance_ms(seal_reads_every_ms);
  must(recorder.write());
  CHECK(seals() == 1);
  read_some(2);
  CHECK(seals() == 1);
  auto verdict = check();
  CHECK(verdict.rows == 5);
  CHECK(verdict.seals == 1);
  CHECK(verdict.unsealed == 2);
  CHECK(!verdict.first_bad);
  clock.advance_ms(seal_reads_every_ms);
  must(recorder.write());
  CHECK(seals() == 2);
  const auto change = [&](auto act) {
    must(database->write([&](store::Transaction& tx) -> Status {
      TRY(const auto rows, act(tx));
      CHECK(rows == 1);
      return {};
    }));
  };
  change([](store::Transaction& tx) { return tx.execute("update read_log set reason = 'because' where seq = 2"); });
  CHECK(check().first_bad == 1);
  change([](store::Transaction& tx) { return tx.execute("update read_log set reason = '' where seq = 2"); });
  CHECK(!check().first_bad);
  change([](store::Transaction& tx) { return tx.execute("delete from read_log where seq = 5"); });
  CHECK(check().first_bad == 4);
}

TEST_CASE_FIXTURE(Readers, "readings go when their time is over, their digests stay, and nothing unsealed goes") {
  must(database->write(
      [&](store::Transaction& tx) { return set_read_rules(tx, administrator, {.kept_days = read_kept_days_min}); }));
  read_some(3);
  const auto drop = [&](int limit = 100) {
    return must(database->write([&](store::Transaction& tx) { return delete_old_readings(tx, limit); }));
  };
  clock.advance_ms(read_kept_days_min * day_ms + 1);
  CHECK(drop() == 0);
  must(recorder.write());  // seals
  CHECK(drop(2) == 2);
  CHECK(drop() == 1);
  read_some(1);
  CHECK(list().items.at(0).seq == 4);
  CHECK(!check().first_bad);
  CHECK(drop() == 0);
}

TEST_CASE_FIXTURE(Readers, "a reason is asked for what was closed long ago, and then stands in the log") {
  const auto what = conversation(kim);
  const Opened old{.assignee = {}, .is_closed = true, .last_message_at = clock.now() - 180 * day_ms - 1};
  CHECK(open(zoe, what, old).error().code == "reason_required");
  CHECK(list().total == 0);
  CHECK(open(zoe, what, old, "ab").error().code == "bad_reason");
  CHECK(open(zoe, what, old, std::string(501, 'x')).error().code == "bad_reason");
  CHECK(open(zoe, what, old, "two\nlines").error().code == "bad_reason");
  CHECK(open(zoe, what, old, "The customer called"));
  CHECK(list().items.at(0).reason == "The customer called");
  CHECK(open(zoe, what, old));  // holds for eight hours
  clock.advance_ms(ReadRecorder::reason_holds_ms);
  CHECK(open(zoe, what, old).error().code == "reason_required");
  CHECK(open(administrator, what, old).error().code == "reason_required");  // everybody for themselves
  auto key = zoe;
  key.kind = Actor::Kind::api_key;
  CHECK(open(key, what, old));  // a program has none
}

TEST_CASE("three rules say what is unusual, each with its threshold, and each can be switched off") {
  FakeClock clock;
  const auto now = clock.now();
  Actor zoe;
  zoe.kind = Actor::Kind::user;
  zoe.user = UserId::make(clock);
  const auto other = UserId::make(clock);
  const ReadRules rules{.of_others = true, .closed_days = 10, .many_per_hour = 5};
  const auto judged = [&](const Opened& what, std::int64_t recent = 0) {
    return judge_reading(rules, zoe, what, recent, now);
  };
  CHECK(!judged({.assignee = {}, .is_closed = false, .last_message_at = now}));
  CHECK(judged({.assignee = other, .is_closed = false, .last_message_at = now}) == Unusual::of_another);
  CHECK(!judged({.assignee = {}, .is_closed = true, .last_message_at = now - 10 * day_ms}));
  CHECK(judged({.assignee = {}, .is_closed = true, .last_message_at = now - 10 * day_ms - 1}) ==
        Unusual::closed_long_ago);
  CHECK(!judged({.assignee = {}, .is_closed = false, .last_message_at = now - 11 * day_ms}));
  CHECK(!judged({.assignee = {}, .is_closed = false, .last_message_at = now}, 4));
  CHECK(judged({.assignee = {}, .is_closed = false, .last_message_at = now}, 5) == Unusual::many);
  CHECK(!judged({.assignee = zoe.user, .is_closed = true, .last_message_at = now - 99 * day_ms}, 99));
  const ReadRules off{.of_others = false, .closed_days = 0, .many_per_hour = 0};
  CHECK(!judge_reading(off, zoe, {.assignee = other, .is_closed = true, .last_message_at = Time{0}}, 999, now));
}

TEST_CASE_FIXTURE(Readers, "many in a short time ask for a reason, those opened again and one's own do not count") {
  must(database->write([&](store::Transaction& tx) {
    return set_read_rules(tx, administrator, {.closed_days = 0, .many_per_hour = 3});
  }));
  const Opened usual{.assignee = {}, .is_closed = false, .last_message_at = clock.now()};
  const Opened own{.assignee = zoe.user, .is_closed = false, .last_message_at = clock.now()};
  const auto first = conversation(kim);
  CHECK(open(zoe, first, usual));
  for (int i = 0; i < 5; ++i) CHECK(open(zoe, conversation(kim), own));
  CHECK(open(zoe, conversation(kim), usual));
  CHECK(open(zoe, conversation(kim), usual));
  CHECK(open(zoe, conversation(kim), usual).error().code == "reason_required");
  CHECK(open(zoe, first, usual));
  CHECK(open(administrator, conversation(kim), usual));
  clock.advance_ms(ReadRecorder::hour_ms);
  CHECK(open(zoe, conversation(kim), usual));
}

TEST_CASE_FIXTURE(Readers, "the rules have bounds, and are an administrator's") {
  const auto set = [&](const Actor& by, const ReadRules& rules) {
    const auto done = database->write([&](store::Transaction& tx) { return set_read_rules(tx, by, rules); });
    return done ? std::string() : done.error().code;
  };
  CHECK(set(zoe, {}) == "not_allowed");
  CHECK(set(administrator, {.kept_days = 29}) == "bad_read_rules");
  CHECK(set(administrator, {.kept_days = 3'651}) == "bad_read_rules");
  CHECK(set(administrator, {.many_per_hour = 1'001}) == "bad_read_rules");
  CHECK(set(administrator, {.closed_days = -1}) == "bad_read_rules");
  CHECK(set(administrator, {.of_others = true, .closed_days = 3'650, .many_per_hour = 1'000, .kept_days = 3'650})
            .empty());
  const auto rules =
      must(database->query([&](store::Session& session) { return load_read_rules(session, workspace.id); }));
  CHECK(rules.of_others);
  CHECK(rules.kept_days == 3'650);
}

TEST_CASE("when the database takes nothing, reading is refused at the bound") {
  AccessFixture at;
  const auto zoe = AccessFixture::actor_of(at.add("zoe@acme.example", Role::agent));
  ReadRecorder recorder(*at.database, at.clock);
  at.database->close();
  std::string refusal;
  for (std::size_t i = 0; i <= ReadRecorder::waiting_max && refusal.empty(); ++i) {
    const auto noted = recorder.note(zoe, {.conversation = ConversationId::make(at.clock)});
    if (!noted) refusal = noted.error().code;
    if (!noted) CHECK(i == ReadRecorder::waiting_max);
  }
  CHECK(refusal == "read_log_full");
}

}  // namespace
}  // namespace answerable::access
