// Incidents that concern personal data, on both engines: alarms, notifications, the register, whom they affect.
#include <doctest/doctest.h>

#include "access/breach.h"
#include "access/read_log.h"
#include "contract/desk.h"
#include "conversations/affected.h"

using namespace answerable;
using contract::Desk;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

Result<std::string> privacy(store::Session&, WorkspaceId) { return "dpo@example.org"; }

}  // namespace

TEST_CASE("an incident's clock, parts, decision and register, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Desk desk(bed);
    const auto write = [&](auto act) { return bed.db().write([&](store::Transaction& tx) { return act(tx); }); };
    const auto read = [&](auto ask) { return bed.db().query([&](store::Session& s) { return ask(s); }); };
    REQUIRE(write([&](auto& tx) {
      return access::set_breach_rules(tx, desk.actor, {.deadline_hours = 10, .alarm_percents = {50, 90}});
    }));
    const auto id = *write([&](auto& tx) { return access::report_incident(tx, desk.actor, "Lost laptop"); });
    REQUIRE(write([&](auto& tx) { return access::concern_personal_data(tx, desk.actor, id, tx.now(), privacy); }));
    CHECK(!*read([](auto& s) { return access::is_alarm_due(s); }));
    bed.clock.advance_ms(20 * hour_ms);
    CHECK(*read([](auto& s) { return access::is_alarm_due(s); }));
    REQUIRE(write([](auto& tx) { return access::tell_due_alarms(tx, privacy); }));
    CHECK(!*read([](auto& s) { return access::is_alarm_due(s); }));
    CHECK(desk.count("select count(*) from account_mails where kind = 'breach_alarm'") == 1);
    for (const auto* nature : {"Stolen.", "Stolen from a car."})
      REQUIRE(write([&](auto& tx) {
        return access::write_notification(tx, desk.actor, id, {.nature = nature, .delay_reason = "Night."});
      }));
    REQUIRE(write([&](auto& tx) { return access::note_notified(tx, desk.actor, id); }));
    const auto parts = *read([&](auto& s) { return access::notifications(s, desk.actor, id); });
    REQUIRE(parts.size() == 1);
    CHECK(parts[0].nature == "Stolen from a car.");
    REQUIRE(write([&](auto& tx) { return access::decide_on_subjects(tx, desk.actor, id, "told", "High risk."); }));
    REQUIRE(write([&](auto& tx) { return access::close_incident(tx, desk.actor, id); }));
    CHECK(read([&](auto& s) { return access::breach_register(s, desk.actor); })->size() == 1);
    CHECK(read([&](auto& s) { return access::incidents(s, desk.actor); })->items.at(0).title == "Lost laptop");
  });
}

TEST_CASE("whom an incident affects is found from readings, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Desk desk(bed);
    const auto channel = desk.add_channel("email", "help@example.org", "{}");
    desk.arrive(channel, "From: Kim <kim@example.com>\r\nTo: help@example.org\r\nSubject: Hi\r\n\r\nHi.\r\n");
    const auto contact = **bed.db().query([](store::Session& session) {
      return session.find("select id from contacts", {}, [](const store::Row& row) { return row.id<ContactId>(0); });
    });
    access::Reading one;
    one.workspace = desk.workspace;
    one.at = bed.clock.now();
    one.actor_kind = "user";
    one.actor_id = desk.actor.user.text();
    one.contact = contact;
    REQUIRE(bed.db().write([&](store::Transaction& tx) { return access::append_readings(tx, {one, one}); }));
    const auto affected = [&](const std::vector<std::string>& actors) {
      return *bed.db().query([&](store::Session& session) {
        return conversations::affected_contacts(session, desk.actor,
                                                {.from = one.at - 1, .until = one.at + 1, .actors = actors});
      });
    };
    REQUIRE(affected({}).total == 1);
    CHECK(affected({one.actor_id}).items.at(0).address == "kim@example.com");
    CHECK(affected({UserId::make(bed.clock).text()}).total == 0);
  });
}
