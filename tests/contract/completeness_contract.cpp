// The completeness ledger and the search of the quarantine, on both engines.
#include "intake/completeness.h"

#include "channels/email/mailbox_items.h"
#include "contract/desk.h"
#include "intake/quarantine.h"

namespace answerable::contract {
namespace {

TEST_CASE("the latest check of a source stands, and those of other days and channels are not in its way") {
  on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](Bed& bed) {
    Desk desk(bed);
    const auto mail = desk.add_channel("email", "help@shop.example", "{}");
    const auto other = desk.add_channel("email", "sales@shop.example", "{}");
    auto record = [&](const intake::Channel& channel, const std::string& source, Time at, std::int64_t missing) {
      intake::SourceCheck check;
      check.source = source;
      check.checked_at = at;
      check.at_source = 10;
      check.missing = missing;
      check.missing_names = missing > 0 ? "7" : "";
      REQUIRE(bed.db().write(
          [&](store::Transaction& tx) { return intake::record_check(tx, desk.workspace, channel.id, check); }));
    };
    const auto now = bed.clock.now();
    record(mail, "INBOX", now - 86'400'000, 1);
    record(mail, "INBOX", now, 2);
    record(mail, "INBOX", now + 1, 0);
    record(mail, "Sales", now - 86'400'000, 3);
    record(other, "INBOX", now + 2, 4);
    const auto checks =
        bed.db()
            .query([&](store::Session& session) { return intake::latest_checks(session, desk.workspace, mail.id); })
            .value();
    REQUIRE(checks.size() == 2);
    CHECK(checks[0].source == "INBOX");
    CHECK(checks[0].missing == 0);
    CHECK(checks[0].checked_at == now + 1);
    CHECK(checks[1].missing == 3);
    CHECK(checks[1].missing_names == "7");
  });
}

TEST_CASE("arrivals are counted by day and way, copies apart, and how long they took is an upper bound") {
  on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](Bed& bed) {
    Desk desk(bed);
    const auto mail = desk.add_channel("email", "help@shop.example", "{}");
    const std::string one = "From: kim@customer.example\r\nMessage-ID: <1@customer.example>\r\n\r\nHello\r\n";
    desk.arrive(mail, one);
    desk.arrive(mail, one);
    auto later = [&](std::int64_t ms) {
      auto arrival = channels::mail_arrival(
          mail, "From: a@b.example\r\nSubject: " + std::to_string(ms) + "\r\n\r\nx\r\n", bed.clock.now());
      arrival.peer = "imap";
      arrival.source_at = bed.clock.now() - ms;
      std::promise<Status> done;
      desk.intake->accept(std::move(arrival), {}, [&](Status status) { done.set_value(std::move(status)); });
      REQUIRE(done.get_future().get());
      desk.intake->wait_until_idle();
    };
    for (std::int64_t ms : {1'000, 1'000, 1'000, 60'000})
      later(ms == 60'000 ? ms : ms + desk.count("select count(*) from spool"));
    const auto today = intake::day_of(bed.clock.now());
    const auto days =
        bed.db()
            .query([&](store::Session& session) { return intake::day_counts(session, desk.workspace, mail.id, today); })
            .value();
    REQUIRE(days.size() == 2);
    CHECK(days[0].way == "imap");
    CHECK(days[0].stored == 4);
    CHECK(days[1].way == "lmtp");
    CHECK(days[1].stored == 1);
    CHECK(days[1].repeated == 1);
    auto stage = [&](intake::Stage which) {
      return bed.db()
          .query(
              [&](store::Session& session) { return intake::delays(session, desk.workspace, mail.id, which, today); })
          .value();
    };
    const auto to_stored = stage(intake::Stage::to_stored);
    CHECK(to_stored.count == 4);
    CHECK(to_stored.p50_ms == 1'024);
    CHECK(to_stored.p99_ms == 65'536);
    CHECK(stage(intake::Stage::to_visible).count == 5);
  });
}

TEST_CASE("the items of a folder are kept apart by account and UIDVALIDITY, and are due until they are settled") {
  on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](Bed& bed) {
    Desk desk(bed);
    const channels::Place place{desk.add_channel("email", "help@shop.example", "{}"), "INBOX", "zoe@host:993/INBOX", 7};
    auto other = place;
    other.validity = 8;
    CHECK(channels::open_cursor(bed.db(), place).value() == 0);
    REQUIRE(bed.db().write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(channels::advance(tx, place, 0, 4'294'967'295));
      TRY_STATUS(channels::note_item(tx, place, 3, channels::ItemOutcome::expunged, false));
      TRY_STATUS(channels::note_item(tx, place, 3, channels::ItemOutcome::taken, true));
      TRY_STATUS(channels::note_item(tx, place, 4'294'967'295U, channels::ItemOutcome::withheld, false));
      return channels::note_item(tx, other, 3, channels::ItemOutcome::noticed, true);
    }));
    CHECK(channels::open_cursor(bed.db(), place).value() == 4'294'967'295U);
    auto ask = [&](auto&& what) {
      return bed.db().query([&](store::Session& ours) { return what(ours, place); }).value();
    };
    const auto items = ask(channels::list_items);
    REQUIRE(items.size() == 2);
    CHECK(items[0] == std::pair(std::uint32_t{3}, channels::ItemOutcome::taken));
    CHECK(items[1] == std::pair(std::uint32_t{4'294'967'295}, channels::ItemOutcome::withheld));
    CHECK(ask(channels::due_items) == std::vector<std::uint32_t>{3});
    REQUIRE(bed.db().write([&](store::Transaction& tx) { return channels::settle_items(tx, place, {3}); }));
    CHECK(ask(channels::due_items).empty());
    CHECK_FALSE(bed.db().write([&](store::Transaction& tx) { return channels::advance(tx, place, 3, 4); }));
    CHECK(channels::open_cursor(bed.db(), other).value() == 0);
  });
}

TEST_CASE("the quarantine is searched in sender, subject, reason and detail, word for word") {
  on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](Bed& bed) {
    Desk desk(bed);
    const auto mail = desk.add_channel("email", "help@shop.example", "{}");
    auto put = [&](std::string sender, std::string subject, std::string reason, std::string detail) {
      intake::Quarantined entry;
      entry.id = SpoolId::make(bed.clock);
      entry.channel = mail.id;
      entry.sender = std::move(sender);
      entry.subject = std::move(subject);
      entry.reason = std::move(reason);
      entry.detail = std::move(detail);
      REQUIRE(
          bed.db().write([&](store::Transaction& tx) { return intake::insert_quarantine(tx, desk.workspace, entry); }));
    };
    put("kim@customer.example", "100% Wool", "unreadable", "");
    put("lee@customer.example", "1000 wool", "loop_received_count", "31 fields");
    put("mo@other.example", "a_b", "no_sender", "x\\y");
    auto search = [&](const std::string& words, std::optional<SpoolId> before = {}, int limit = 100) {
      return bed.db().query([&](store::Session& session) {
        return intake::search_quarantine(session, desk.workspace, words, before, limit);
      });
    };
    CHECK(search("")->total == 3);
    CHECK(search("CUSTOMER.example")->total == 2);
    CHECK(search("100%")->total == 1);
    CHECK(search("a_b")->total == 1);
    CHECK(search("o_l")->total == 0);
    CHECK(search("x\\y")->total == 1);
    CHECK(search("31 FIELDS")->items.at(0).reason == "loop_received_count");
    CHECK(search("' or 1 = 1 --")->total == 0);
    CHECK(search(std::string(intake::quarantine_words_bytes_max, 'x'))->total == 0);
    CHECK_FALSE(search(std::string(intake::quarantine_words_bytes_max + 1, 'x')));
    const auto first = search("wool", {}, 1).value();
    REQUIRE(first.items.size() == 1);
    CHECK(first.items[0].subject == "1000 wool");
    CHECK(search("wool", first.items[0].id)->items.at(0).subject == "100% Wool");
  });
}

}  // namespace
}  // namespace answerable::contract
