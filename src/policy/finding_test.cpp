#include "policy/finding.h"

#include <algorithm>

#include "policy/court_test.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

struct Watched : Court {
  NewFinding probing(bool is_violation = true) const {
    return {.workspace = shop,
            .kind = "privilege_probing",
            .subject_kind = "user",
            .subject = "u1",
            .facts = "15 times within 3 seconds.",
            .clause = "no_intrusion",
            .is_violation = is_violation,
            .operator_address = "soc@host.example"};
  }
  NewFinding guessing() const {
    return {.workspace = {},
            .kind = "guessing",
            .subject_kind = "network",
            .subject = "198.51.100.0/24",
            .facts = "20 times.",
            .clause = "no_intrusion"};
  }
  Finding found(const NewFinding& what) {
    return write([&](store::Transaction& tx) { return report_finding(tx, what); });
  }
  std::string refused(const NewFinding& what) {
    return error_of([&](store::Transaction& tx) { return report_finding(tx, what); });
  }
  FindingList list() {
    return read([&](store::Session& session) { return findings(session, op); });
  }
  std::string review(FindingId id, std::string_view outcome, const access::Actor& by) {
    return error_of([&](store::Transaction& tx) { return review_finding(tx, by, id, outcome); });
  }
  std::vector<Measure> measured() {
    return read([&](store::Session& session) { return measures(session, shop); });
  }
};

}  // namespace

TEST_CASE_FIXTURE(Watched, "what is certain is a violation at once; the same again is counted while it is open") {
  save(agreement());
  const auto first = found(probing());
  CHECK(first.is_violation);
  REQUIRE(measured().size() == 1);
  CHECK(measured().front().control == "privilege_probing");
  CHECK(measured().front().kind == MeasureKind::warn);
  const auto letters = notices().size();
  clock.advance_ms(day_ms);
  auto again = probing();
  again.facts = "99 times.";
  const auto second = found(again);
  CHECK(second.id == first.id);
  CHECK(second.times == 2);
  CHECK(second.facts == "99 times.");
  CHECK(measured().size() == 1);
  CHECK(notices().size() == letters);
}

TEST_CASE_FIXTURE(Watched, "the security contact and the operator are told, and what is uncertain waits for a person") {
  save(agreement());
  const auto one = found(probing(false));
  std::vector<std::string> told;
  for (const auto& notice : notices()) told.push_back(notice.recipient);
  std::ranges::sort(told);
  CHECK(told == std::vector<std::string>{"security@shop.example", "soc@host.example"});
  CHECK(notices().front().text.contains("15 times within 3 seconds."));
  CHECK(notices().front().subject.contains("trying what is not allowed"));
  CHECK(measured().empty());
  CHECK(review(one.id, "violation", admin) == "not_allowed");
  CHECK(review(one.id, "violation", op) == "");
  CHECK(measured().size() == 1);
  CHECK(!measured().front().is_automated);
  CHECK(review(one.id, "dismissed", op) == "finding_closed");
  CHECK(found(probing(false)).id != one.id);
}

TEST_CASE_FIXTURE(Watched, "an attack from outside is nobody's violation") {
  const auto one = found(guessing());
  CHECK(review(one.id, "violation", op) == "finding_of_nobody");
  CHECK(review(one.id, "seen", op) == "");
  auto aimed = guessing();
  aimed.workspace = shop;  // its account was tried: it is who suffers, not who did it
  const auto two = found(aimed);
  CHECK(review(two.id, "violation", op) == "finding_of_nobody");
  CHECK(review(FindingId::make(clock), "seen", op) == "finding_unknown");
  CHECK(list().total == 2);
  CHECK(list().open == 1);
  CHECK(list().items.front().id == two.id);
  CHECK(error_of([&](store::Transaction& tx) { return findings(tx, admin); }) == "not_allowed");
}

TEST_CASE_FIXTURE(Watched, "without such a clause it stays a finding, and a malformed one is refused") {
  auto odd = probing();
  odd.clause = "no_such_clause";
  CHECK(!found(odd).is_violation);
  auto nameless = probing();
  nameless.kind = "";
  CHECK(refused(nameless) == "bad_finding");
  auto long_one = probing();
  long_one.subject = std::string(finding_subject_bytes_max, 's');
  CHECK(refused(long_one) == "");
  long_one.subject += "s";
  CHECK(refused(long_one) == "bad_finding");
}

TEST_CASE_FIXTURE(Watched, "a flood of findings fills neither the list nor the mailbox") {
  write([&](store::Transaction& tx) -> Result<int> {
    for (std::int64_t i = 0; i < findings_a_day_max; ++i) {
      auto one = guessing();
      one.subject = "n" + std::to_string(i);
      one.operator_address = "soc@host.example";
      TRY_STATUS(report_finding(tx, one));
    }
    return 0;
  });
  auto more = guessing();
  CHECK(refused(more) == "too_many_findings");
  CHECK(notices().size() == finding_letters_an_hour_max);
  CHECK(list().items.size() == findings_listed_max);
  CHECK(list().total == findings_a_day_max);
  clock.advance_ms(finding_kept_ms);
  CHECK(write([](store::Transaction& tx) { return delete_old_findings(tx, 700); }) == 700);
  CHECK(write([](store::Transaction& tx) { return delete_old_findings(tx, 700); }) == 300);
}

TEST_CASE_FIXTURE(Watched, "probing by somebody of a workspace warns first, then limits, and only much more suspends") {
  std::vector<MeasureKind> taken;
  for (int i = 0; i < 6; ++i) {
    auto one = probing();
    one.subject = "u" + std::to_string(i);
    found(one);
    taken.push_back(measured().front().kind);
    clock.advance_ms(1'000);
  }
  const std::vector expected{MeasureKind::warn,  MeasureKind::warn,  MeasureKind::limit,
                             MeasureKind::limit, MeasureKind::limit, MeasureKind::suspend};
  CHECK(taken == expected);
}

TEST_CASE_FIXTURE(Watched, "whatever the ladder says, a person is blocked by a person's decision with reasons only") {
  auto given = agreement();
  given.terms = {{"no_intrusion", "ladder", "1 block"}};
  CHECK(save(given) == "");
  found(probing());
  CHECK(measured().front().kind == MeasureKind::warn);
  const auto likely = [&](const char* subject) {
    auto one = probing(false);
    one.subject = subject;
    return found(one).id;
  };
  CHECK(review(likely("u2"), "violation", op) == "");
  CHECK(measured().front().kind == MeasureKind::warn);
  CHECK(measured().front().object_id == "u2");
  const auto third = likely("u3");
  const auto decide = [&](std::string_view reasons) {
    return error_of([&](store::Transaction& tx) { return review_finding(tx, op, third, "violation", reasons); });
  };
  CHECK(decide(std::string(finding_reasons_bytes_max + 1, 'x')) == "bad_reasons");
  CHECK(decide("Asked twice, and went on.") == "");
  CHECK(measured().front().kind == MeasureKind::block);
  CHECK(measured().front().facts == "Asked twice, and went on.\n\n15 times within 3 seconds.");
}

TEST_CASE_FIXTURE(Watched, "what several people report of one thing stands together, and is told in its own words") {
  save(agreement());
  NewFinding said{.workspace = shop,
                  .kind = std::string(report_kind),
                  .subject_kind = "message",
                  .subject = "m1",
                  .facts = "An insult.",
                  .clause = "lawful_content"};
  found(said);
  CHECK(notices().front().text.contains("A person reported it."));
  said.facts = "A threat.";
  CHECK(found(said).facts == "A threat.\n\nAn insult.");
  said.facts = std::string(facts_bytes_max, 'x');
  CHECK(found(said).facts.size() == facts_bytes_max);
}
