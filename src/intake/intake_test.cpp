#include <doctest/doctest.h>

#include "intake/mail_fixture.h"
#include "intake/spool.h"
#include "intake/waiting_count.h"

namespace answerable::intake {
namespace {

TEST_CASE("an arrival becomes a message in a conversation, and nothing of it waits any more") {
  Fixture test;
  REQUIRE(test.intake->start());
  test.receive("a@example.com|one@x||hello");
  CHECK(test.messages() == 1);
  CHECK(test.conversations() == 1);
  CHECK(test.count("select count(*) from spool_pending") == 0);
  CHECK(test.stats().appended == 1);
  CHECK(test.stats().received == 1);
}

TEST_CASE("the same arrival twice is acknowledged twice and stored once") {
  Fixture test;
  REQUIRE(test.intake->start());
  int also = 0;
  for (int i = 0; i < 2; ++i) {
    CHECK(test.accept(test.mail("a@example.com|one@x||hello"), [&](store::Transaction&) -> Status {
      ++also;
      return {};
    }));
  }
  test.intake->wait_until_idle();
  CHECK(also == 2);
  CHECK(test.messages() == 1);
  CHECK(test.count("select count(*) from spool") == 1);
}

TEST_CASE("when what goes with the arrival fails, nothing is stored and the peer hears so") {
  Fixture test;
  REQUIRE(test.intake->start());
  auto status = test.accept(test.mail("a@example.com|one@x||hello"),
                            [](store::Transaction&) -> Status { return fail(ErrorKind::unavailable, "cursor_lost"); });
  REQUIRE_FALSE(status);
  CHECK(status.error().code == "cursor_lost");
  test.intake->wait_until_idle();
  CHECK(test.count("select count(*) from spool") == 0);
  CHECK(test.accept(test.mail("a@example.com|one@x||hello")));
}

TEST_CASE("a second way of the same message is a duplicate, the same Message-ID with other words is not") {
  Fixture test;
  REQUIRE(test.intake->start());
  test.receive("a@example.com|one@x||hello");
  auto second = test.mail("a@example.com|one@x||hello");
  second.external_key += "-with-other-trace-fields";
  REQUIRE(test.accept(second));
  test.intake->wait_until_idle();
  CHECK(test.messages() == 1);
  CHECK(test.stats().duplicates == 1);
  test.receive("mallory@example.com|one@x||something else");
  CHECK(test.messages() == 2);
}

TEST_CASE("an answer of a participant joins its conversation, a stranger with the same reference starts another") {
  Fixture test;
  REQUIRE(test.intake->start());
  test.receive("a@example.com|one@x||hello");
  test.receive("a@example.com|two@x|one@x|more");
  CHECK(test.conversations() == 1);
  test.receive("stranger@example.com|three@x|one@x|let me in");
  CHECK(test.conversations() == 2);
  test.receive("a@example.com|four@x||hello");  // the same subject is no evidence
  CHECK(test.conversations() == 3);
}

TEST_CASE("what cannot be read is in quarantine with its raw bytes, and can be tried again") {
  Fixture test;
  REQUIRE(test.intake->start());
  test.receive("unreadable bytes");
  CHECK(test.messages() == 0);
  auto page = test.quarantine();
  REQUIRE(page.total == 1);
  CHECK(page.items[0].reason == "test_unreadable");
  auto raw = read_quarantined_raw(*test.database, *test.blobs, test.actor, page.items[0].id);
  REQUIRE(raw);
  CHECK(*raw == "unreadable bytes");
  REQUIRE(test.intake->replay(test.actor, page.items[0].id));
  test.intake->wait_until_idle();
  CHECK(test.quarantine().total == 1);
  CHECK(test.stats().quarantined == 1);
  CHECK(test.stats().received == 1);
}

TEST_CASE("a loop is stopped at the bound of Received fields, kept, and let through when an administrator insists") {
  Fixture test;
  REQUIRE(test.intake->start());
  test.receive("a@example.com|one@x||far");
  CHECK(test.messages() == 1);
  test.receive("a@example.com|two@x||looping");
  test.receive("a@example.com|three@x||own");
  CHECK(test.messages() == 1);
  CHECK(test.stats().loops == 2);
  auto page = test.quarantine();
  REQUIRE(page.items.size() == 2);
  REQUIRE(test.intake->replay(test.actor, page.items[0].id));
  test.intake->wait_until_idle();
  CHECK(test.messages() == 2);
  CHECK(test.stats().loops == 1);
  CHECK(test.stats().received == 3);
}

TEST_CASE("ten automatic messages an hour from one sender pass, the eleventh does not") {
  Fixture test;
  REQUIRE(test.intake->start());
  for (int i = 0; i < pair_auto_submitted_max; ++i)
    test.receive("bot@example.com|" + std::to_string(i) + "@x||robot " + std::to_string(i));
  CHECK(test.messages() == pair_auto_submitted_max);
  test.receive("bot@example.com|last@x||robot last");
  CHECK(test.messages() == pair_auto_submitted_max);
  CHECK(test.quarantine().items.at(0).reason == "loop_automatic_answers");
  test.clock.advance_ms(pair_window_ms);
  test.receive("bot@example.com|later@x||robot later");
  CHECK(test.messages() == pair_auto_submitted_max + 1);
}

TEST_CASE("as many as may wait are accepted, one more is refused until there is room") {
  IntakeLimits limits;
  limits.waiting_max = 3;
  Fixture test(limits);
  for (int i = 0; i < 3; ++i)
    CHECK(test.accept(test.mail("a@example.com|" + std::to_string(i) + "@x||hello " + std::to_string(i))));
  auto refused = test.accept(test.mail("a@example.com|4@x||hello 4"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::limited);
  CHECK(refused.error().code == "intake_full");
  REQUIRE(test.intake->start());
}

TEST_CASE("one workspace may have so many waiting, and room is left for the others") {
  FakeClock clock;
  const auto flood = WorkspaceId::make(clock), quiet = WorkspaceId::make(clock);
  WaitingCount waiting(5, 3);
  for (int i = 0; i < 3; ++i) CHECK(waiting.take(flood));
  CHECK_FALSE(waiting.take(flood));
  CHECK_FALSE(waiting.is_full());
  for (int i = 0; i < 2; ++i) CHECK(waiting.take(quiet));
  CHECK_FALSE(waiting.take(quiet));
  CHECK(waiting.is_full());
  CHECK_FALSE(waiting.give(flood));
  CHECK(waiting.take(quiet));
  waiting.add(flood);  // what a crash left is there whatever the bounds
  CHECK(waiting.all() == 6);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(waiting.give(flood));
  for (int i = 0; i < 2; ++i) CHECK_FALSE(waiting.give(quiet));
  CHECK(waiting.give(quiet));
}

TEST_CASE("the largest message is accepted and one byte more is refused") {
  IntakeLimits limits;
  limits.raw_bytes_max = 100;
  Fixture test(limits);
  CHECK(test.accept(test.mail(std::string(100, 'x'))));
  auto refused = test.accept(test.mail(std::string(101, 'x')));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "message_too_large");
}

TEST_CASE("an arrival that came in pieces is the one that came as a whole, and its limit is the same") {
  IntakeLimits limits;
  limits.raw_bytes_max = 100'000;
  Fixture test(limits);
  REQUIRE(test.intake->start());
  const auto accept_in_pieces = [&](const std::string& raw) {
    const auto receiver = test.intake->receive_large().value();
    for (std::size_t at = 0; at < raw.size(); at += 7'000) REQUIRE(receiver->append(raw.substr(at, 7'000)));
    auto blob = receiver->finish().value();
    auto arrival = test.mail(raw);
    arrival.raw.clear();
    arrival.stored_raw = {blob.digest, raw.size(), std::move(blob.hold)};
    return test.accept(std::move(arrival));
  };
  const auto head = std::string("a@example.com|one@x||hello ");
  const auto raw = head + std::string(100'000 - head.size(), 'x');
  CHECK(accept_in_pieces(raw));
  CHECK(test.accept(test.mail(raw)));
  test.intake->wait_until_idle();
  CHECK(test.messages() == 1);
  CHECK(test.count("select count(*) from spool where size = 100000 and blob is not null") == 1);
  CHECK(test.count("select count(*) from spool") == 1);
  CHECK(accept_in_pieces(raw + "x").error().code == "message_too_large");
}

TEST_CASE("each channel has its own histogram of the lag, and beyond the bound they share one") {
  Fixture test;
  REQUIRE(test.intake->start());
  const auto other = test.add_channel("email", "sales@example.org");
  for (std::size_t i = 0; i <= lag_series_max; ++i) {
    auto arrival = test.mail("a@example.com|" + std::to_string(i) + "@x||hello");
    if (i == 1) arrival.channel = other.id;
    if (i > 1) arrival.channel = ChannelId::make(test.clock);
    REQUIRE(test.accept(std::move(arrival)));
    test.intake->wait_until_idle();
  }
  const auto page = test.metrics.text();
  for (const auto& channel : {test.channel.id.text(), other.id.text()})
    CHECK(page.find("answerable_intake_lag_seconds_count{channel=\"" + channel + "\",kind=\"email\"} 1") !=
          std::string::npos);
  CHECK(page.find("answerable_intake_lag_seconds_count{channel=\"other\",kind=\"other\"} 1") != std::string::npos);
  std::size_t series = 0;
  const std::string name = "answerable_intake_lag_seconds_count{";
  for (auto at = page.find(name); at != std::string::npos; at = page.find(name, at + 1)) ++series;
  CHECK(series == lag_series_max + 1);
}

TEST_CASE("how long mail took to us and how long to an agent are two histograms of its channel") {
  Fixture test;
  REQUIRE(test.intake->start());
  auto late = test.mail("a@example.com|1@x||hello");
  late.source_at = test.clock.now() - 90'000;
  REQUIRE(test.accept(std::move(late)));
  test.receive("a@example.com|2@x||of a source that does not say its time");
  const auto page = test.metrics.text();
  const auto has = [&](const std::string& name, const std::string& bound, int count) {
    return page.find(name + "_bucket{channel=\"" + test.channel.id.text() + "\",kind=\"email\",le=\"" + bound + "\"} " +
                     std::to_string(count) + "\n") != std::string::npos;
  };
  CHECK(has("answerable_intake_source_lag_seconds", "30", 0));
  CHECK(has("answerable_intake_source_lag_seconds", "120", 1));
  CHECK(has("answerable_intake_source_lag_seconds", "+Inf", 1));
  CHECK(has("answerable_intake_lag_seconds", "30", 2));
}

TEST_CASE("a large message goes to the blob store and comes back whole") {
  Fixture test;
  REQUIRE(test.intake->start());
  for (auto size : {raw_in_row_max, raw_in_row_max + 1}) {
    auto head = "a@example.com|" + std::to_string(size) + "@x||";
    test.receive(head + std::string(size - head.size(), 't'));
  }
  CHECK(test.count("select count(*) from spool where blob is null") == 1);
  CHECK(test.count("select count(*) from spool where raw is null") == 1);
  CHECK(test.messages() == 2);
}

TEST_CASE("raw bytes beyond the memory bound are read from the spool again") {
  IntakeLimits limits;
  limits.memory_bytes_max = 0;
  Fixture test(limits);
  REQUIRE(test.intake->start());
  test.receive("a@example.com|one@x||hello");
  CHECK(test.messages() == 1);
}

TEST_CASE("an arrival whose bytes the blob store has lost is visible in quarantine") {
  Fixture test;
  REQUIRE(test.database->write([&](store::Transaction& tx) {
    return store_arrival(tx, SpoolId::make(test.clock), test.mail("large"), sha256("bytes that are nowhere"));
  }));
  REQUIRE(test.intake->start());
  test.intake->wait_until_idle();
  REQUIRE(test.quarantine().items.size() == 1);
  CHECK(test.quarantine().items[0].reason == "blob_missing");
}

TEST_CASE("an automatic mail that is tried again counts once for the limit of its pair") {
  IntakeLimits limits;
  limits.retry_first_ms = 0;
  Fixture test(limits);
  REQUIRE(test.intake->start());
  test.receive("a@example.com|first@x||hello");
  // Each message meets a conflict, until it is given up.
  REQUIRE(test.database->write([](store::Transaction& tx) -> Status {
    TRY_STATUS(
        tx.execute("create trigger busy before insert on messages begin "
                   "insert into inbound_keys select * from inbound_keys limit 1; end"));
    return {};
  }));
  for (int i = 0; i < 3; ++i) test.receive("r@example.com|" + std::to_string(i) + "@x||robot " + std::to_string(i));
  REQUIRE(test.database->write([](store::Transaction& tx) -> Status {
    TRY_STATUS(tx.execute("drop trigger busy"));
    return {};
  }));
  CHECK(test.stats().quarantined == 3);
  test.receive("r@example.com|last@x||robot last");
  CHECK(test.stats().loops == 0);
  CHECK(test.messages() == 2);
}

TEST_CASE("an arrival at which a normaliser throws is quarantined, and the next one is read") {
  Fixture test;
  REQUIRE(test.intake->start());
  test.receive("throwing");
  test.receive("a@example.com|one@x||hello");
  REQUIRE(test.quarantine().items.size() == 1);
  CHECK(test.quarantine().items[0].reason == "could_not_be_read");
  CHECK(test.messages() == 1);
}

TEST_CASE("an arrival whose reading ended the process three times is quarantined unread, and the others are not") {
  for (const int before : {0, 2, tries_max}) {
    CAPTURE(before);
    Fixture test;
    for (const std::string name : {"one", "deadly", "two"})
      REQUIRE(test.accept(test.mail("a@example.com|" + name + "@x||hello " + name)));
    test.intake->stop();
    REQUIRE(test.database->write([&](store::Transaction& tx) -> Status {
      TRY(auto waiting, take_up_all(tx, ""));
      return note_tries(tx, test.workspace, waiting.at(1).id, before);
    }));
    std::int64_t while_read = 0;
    std::int64_t suspects = 0;
    auto second = test.make();
    second->normalise_with("email", [&](const Arrival& arrival) {
      if (arrival.raw.find("deadly") != std::string::npos) {
        while_read = test.count("select max(tries) from spool_pending");
        suspects = test.count("select count(*) from spool_pending where tries > 0");
      }
      return understand(arrival);
    });
    REQUIRE(second->start());
    second->wait_until_idle();
    const bool is_given_up = before == tries_max;
    CHECK(while_read == (is_given_up ? 0 : before + 1));
    if (before == 2) CHECK(suspects == 1);  // it is read alone
    CHECK(test.messages() == (is_given_up ? 2 : 3));
    REQUIRE(test.quarantine().items.size() == (is_given_up ? 1U : 0U));
    if (is_given_up) CHECK(test.quarantine().items[0].reason == "reading_ends_process");
    second->stop();
  }
}

TEST_CASE("messages are understood in the order of arrival, however many threads parse") {
  IntakeLimits limits;
  limits.workers = 4;
  Fixture test(limits);
  REQUIRE(test.intake->start());
  std::promise<void> last;
  for (int i = 0; i < 200; ++i) {
    auto before = i == 0 ? "" : std::to_string(i - 1) + "@x";
    auto raw = "a@example.com|" + std::to_string(i) + "@x|" + before + "|answer " + std::to_string(i) +
               std::string(i % 7 * 3'000, ' ');
    test.intake->accept(test.mail(raw), {}, [&last, i](Status status) {
      ensure(status.has_value(), "it is accepted");
      if (i == 199) last.set_value();
    });
  }
  last.get_future().get();
  test.intake->wait_until_idle();
  CHECK(test.conversations() == 1);
  CHECK(test.messages() == 200);
}

TEST_CASE("what a crash left in the spool is taken up at the next start, each exactly once") {
  Fixture test;
  for (int i = 0; i < 20; ++i)
    CHECK(test.accept(test.mail("a@example.com|" + std::to_string(i) + "@x||hello " + std::to_string(i))));
  test.intake->stop();  // never started: nothing was understood
  CHECK(test.messages() == 0);
  CHECK(test.stats().waiting == 20);
  auto second = test.make();
  second->normalise_with("email", understand);
  REQUIRE(second->start());
  second->wait_until_idle();
  CHECK(test.messages() == 20);
  CHECK(test.count("select count(*) from spool_pending") == 0);
  second->stop();
  auto third = test.make();
  third->normalise_with("email", understand);
  REQUIRE(third->start());
  third->wait_until_idle();
  CHECK(test.messages() == 20);
}

TEST_CASE("arrivals of a channel that was disabled meanwhile wait in quarantine") {
  Fixture test;
  CHECK(test.accept(test.mail("a@example.com|one@x||hello")));
  REQUIRE(test.database->write(
      [&](store::Transaction& tx) { return disable_channel(tx, test.directory, test.actor, test.channel.id); }));
  REQUIRE(test.intake->start());
  test.intake->wait_until_idle();
  CHECK(test.quarantine().items.at(0).reason == "channel_disabled");
}

}  // namespace
}  // namespace answerable::intake
