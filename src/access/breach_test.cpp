#include "access/breach.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/account_letter.h"
#include "access/account_mail.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

struct BreachFixture : AccessFixture {
  Actor administrator = actor_of(add("ada@acme.example", Role::administrator));
  Actor zoe = actor_of(add("zoe@acme.example", Role::agent));
  std::string privacy = "dpo@acme.example";
  PrivacyAddress address = [this](store::Session&, WorkspaceId) -> Result<std::string> { return privacy; };

  template <class F>
  std::string code_of(F&& act) {
    const auto done = database->write(act);
    return done ? std::string() : done.error().code;
  }
  IncidentId incident() {
    return must(
        database->write([&](store::Transaction& tx) { return report_incident(tx, administrator, "Lost laptop"); }));
  }
  std::string concern(IncidentId id, Time aware) {
    return code_of(
        [&](store::Transaction& tx) { return concern_personal_data(tx, administrator, id, aware, address); });
  }
  std::string write(IncidentId id, const Notification& draft) {
    return code_of([&](store::Transaction& tx) { return write_notification(tx, administrator, id, draft); });
  }
  std::string sent(IncidentId id) {
    return code_of([&](store::Transaction& tx) { return note_notified(tx, administrator, id); });
  }
  std::string decide(IncidentId id, std::string_view decision, std::string_view reason) {
    return code_of([&](store::Transaction& tx) { return decide_on_subjects(tx, administrator, id, decision, reason); });
  }
  std::string close(IncidentId id) {
    return code_of([&](store::Transaction& tx) { return close_incident(tx, administrator, id); });
  }
  void tick() {
    const bool is_due = must(database->query([](store::Session& session) { return is_alarm_due(session); }));
    if (is_due) must(database->write([&](store::Transaction& tx) { return tell_due_alarms(tx, address); }));
  }
  std::vector<std::string> alarms(IncidentId id) {
    std::vector<std::string> told;
    for (const auto& entry :
         must(database->query([&](store::Session& s) { return incident_entries(s, administrator, id); }))) {
      if (entry.what == "alarm") told.push_back(entry.text);
    }
    return told;
  }
  std::vector<AccountMail> mails() {
    return must(database->write([](store::Transaction& tx) { return claim_account_mails(tx, 1'000, 100); }));
  }
  Incident load(IncidentId id) {
    return must(database->query([&](store::Session& s) { return load_incident(s, administrator, id); }));
  }
};

TEST_CASE_FIXTURE(BreachFixture,
                  "who looks after data protection is told at once, and the clock runs from when it was known") {
  const auto id = incident();
  const auto aware = clock.now() - 2 * hour_ms;
  CHECK(concern(id, aware).empty());
  CHECK(load(id).deadline_at == aware + 72 * hour_ms);
  const auto told = mails();
  REQUIRE(told.size() == 1);
  CHECK(told[0].to == "dpo@acme.example");
  CHECK(told[0].kind == LetterKind::breach);
  const auto letter = write_letter(told[0], "https://desk.example", "");
  CHECK(letter.subject == "Personal data is concerned: Lost laptop");
  CHECK(letter.text.contains("within 70 hours"));
  CHECK(letter.text.contains("https://desk.example/settings/incidents"));
  CHECK(concern(id, aware) == "already_declared");
  CHECK(std::ranges::count(acts(), "incident.personal_data") == 1);
}

TEST_CASE_FIXTURE(BreachFixture, "the addressee is that of the rules, else of the agreement, else the administrators") {
  privacy.clear();
  CHECK(concern(incident(), clock.now()).empty());
  CHECK(mails().at(0).to == "ada@acme.example");
  must(database->write([&](store::Transaction& tx) {
    return set_breach_rules(tx, administrator, {.addressee = "privacy@elsewhere.example"});
  }));
  privacy = "dpo@acme.example";
  clock.advance_ms(2'000);
  CHECK(concern(incident(), clock.now()).empty());
  CHECK(std::ranges::any_of(mails(), [](const auto& one) { return one.to == "privacy@elsewhere.example"; }));
}

TEST_CASE_FIXTURE(BreachFixture, "what is known since tomorrow, or since more than 30 days, is a slip") {
  const auto id = incident();
  constexpr std::int64_t days_30 = 30 * 24 * hour_ms;
  CHECK(concern(id, clock.now() + 1) == "bad_time");
  CHECK(concern(id, clock.now() - days_30 - 1) == "bad_time");
  CHECK(concern(id, clock.now() - days_30).empty());
  CHECK(code_of([&](store::Transaction& tx) { return concern_personal_data(tx, zoe, id, tx.now(), address); }) ==
        "not_allowed");
}

TEST_CASE_FIXTURE(BreachFixture, "each alarm is told once, at its time, whatever restarts and jumps the clock makes") {
  const auto id = incident();
  CHECK(concern(id, clock.now()).empty());
  clock.advance_ms(36 * hour_ms - 1);
  tick();
  CHECK(alarms(id).empty());
  clock.advance_ms(1);
  tick();
  tick();
  CHECK(alarms(id) == std::vector<std::string>{"50"});
  clock.advance_ms(-20 * hour_ms);  // set back: the time of the first comes again
  clock.advance_ms(20 * hour_ms);
  tick();
  CHECK(alarms(id).size() == 1);
  clock.advance_ms(30 * hour_ms);  // ahead, over two
  tick();
  CHECK(alarms(id) == std::vector<std::string>{"50", "90"});
  clock.advance_ms(100 * hour_ms);
  tick();
  tick();
  CHECK(alarms(id) == std::vector<std::string>{"50", "90", "100"});
  const auto last = mails().back();
  CHECK(last.kind == LetterKind::breach_alarm);
  CHECK(last.by == "0");
  CHECK(std::ranges::count(acts(), "incident.alarm") == 3);
}

TEST_CASE_FIXTURE(BreachFixture, "alarms end when the authority was told, and with the incident") {
  const auto first = incident();
  CHECK(concern(first, clock.now()).empty());
  CHECK(write(first, {.nature = "A laptop was stolen."}).empty());
  CHECK(sent(first).empty());
  const auto second = incident();
  CHECK(concern(second, clock.now()).empty());
  CHECK(close(second) == "decision_missing");
  CHECK(decide(second, "not_needed", "It was encrypted.").empty());
  CHECK(close(second).empty());
  clock.advance_ms(80 * hour_ms);
  tick();
  CHECK(alarms(first).empty());
  CHECK(alarms(second).empty());
}

TEST_CASE_FIXTURE(BreachFixture,
                  "the authority is told in parts: a draft is changed until it is sent, then comes the next") {
  const auto id = incident();
  CHECK(write(id, {.nature = "x"}) == "no_personal_data");
  CHECK(concern(id, clock.now()).empty());
  CHECK(sent(id) == "no_draft");
  CHECK(write(id, {.subjects = "about 20"}).empty());
  CHECK(sent(id) == "nature_missing");
  CHECK(write(id, {.nature = "A laptop was stolen.", .subjects = "about 20"}).empty());
  CHECK(sent(id).empty());
  CHECK(sent(id) == "no_draft");
  CHECK(write(id, {.nature = "As before.", .measures = "Keys were changed."}).empty());
  const auto parts = must(database->query([&](store::Session& s) { return notifications(s, administrator, id); }));
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].sent_at);
  CHECK(!parts[1].sent_at);
  const auto text = notification_text(load(id), parts[0], "en");
  for (const auto* part : {"(a) Nature", "A laptop was stolen.", "about 20", "(b) Data-protection officer",
                           "(c) Likely", "(d) Measures", "Not known yet"})
    CHECK(text.contains(part));
  const auto french = notification_text(load(id), parts[0], "fr");
  for (const auto* part : {"(a) Nature de la violation\nA laptop was stolen.", "about 20", "(b) Délégué",
                           "(c) Conséquences probables\nPas encore connu", "(d) Mesures"})
    CHECK(french.contains(part));
  CHECK(!french.contains("Not known"));
  CHECK(write(id, {.nature = std::string(notification_text_bytes_max, 'x')}).empty());
  CHECK(write(id, {.nature = std::string(notification_text_bytes_max + 1, 'x')}) == "text_invalid");
}

TEST_CASE_FIXTURE(BreachFixture, "a first notification after the deadline says why it is late, a supplement need not") {
  const auto id = incident();
  CHECK(concern(id, clock.now()).empty());
  clock.advance_ms(72 * hour_ms + 1);
  CHECK(write(id, {.nature = "Stolen."}).empty());
  CHECK(sent(id) == "delay_reason_missing");
  CHECK(write(id, {.nature = "Stolen.", .delay_reason = "Nobody was there."}).empty());
  CHECK(sent(id).empty());
  CHECK(write(id, {.nature = "More."}).empty());
  CHECK(sent(id).empty());
}

TEST_CASE_FIXTURE(BreachFixture,
                  "the decision about the people concerned has a reason, and the register has every breach") {
  const auto id = incident();
  CHECK(decide(id, "told", "x") == "no_personal_data");
  CHECK(concern(id, clock.now()).empty());
  CHECK(decide(id, "perhaps", "x") == "decision_invalid");
  CHECK(decide(id, "told", "") == "reason_missing");
  CHECK(decide(id, "told", "High risk.").empty());
  incident();  // none of personal data
  const auto list = must(database->query([&](store::Session& s) { return breach_register(s, administrator); }));
  REQUIRE(list.size() == 1);
  CHECK(list[0].subjects_decision == "told");
  CHECK(list[0].subjects_reason == "High risk.");
}

TEST_CASE_FIXTURE(BreachFixture, "the rules have bounds") {
  const auto set = [&](const BreachRules& rules) {
    return code_of([&](store::Transaction& tx) { return set_breach_rules(tx, administrator, rules); });
  };
  CHECK(set({.deadline_hours = 0}) == "bad_incident_rules");
  CHECK(set({.deadline_hours = 721}) == "bad_incident_rules");
  CHECK(set({.deadline_hours = 720}).empty());
  CHECK(set({.alarm_percents = {50, 50}}) == "bad_incident_rules");
  CHECK(set({.alarm_percents = {0}}) == "bad_incident_rules");
  CHECK(set({.alarm_percents = {101}}) == "bad_incident_rules");
  CHECK(set({.alarm_percents = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}).empty());
  CHECK(set({.alarm_percents = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}) == "bad_incident_rules");
  CHECK(set({.threshold = 0}) == "bad_incident_rules");
  CHECK(set({.addressee = "nobody"}) == "bad_incident_rules");
  CHECK(set({.deadline_hours = 24, .alarm_percents = {}}).empty());
  const auto id = incident();
  CHECK(concern(id, clock.now()).empty());
  CHECK(load(id).deadline_at == clock.now() + 24 * hour_ms);
  clock.advance_ms(100 * hour_ms);
  tick();
  CHECK(alarms(id).empty());
}

TEST_CASE_FIXTURE(BreachFixture, "the operator has incidents of the installation, and nobody else's") {
  const auto op = actor_of(add("op@host.example", Role::operator_));
  incident();
  const auto own = must(database->write([&](store::Transaction& tx) { return report_incident(tx, op, "Host lost"); }));
  const auto list = must(database->query([&](store::Session& s) { return incidents(s, op); }));
  REQUIRE(list.total == 1);
  CHECK(list.items[0].id == own);
  CHECK(code_of([&](store::Transaction& tx) { return concern_personal_data(tx, op, own, tx.now(), address); }).empty());
}

}  // namespace
}  // namespace answerable::access
