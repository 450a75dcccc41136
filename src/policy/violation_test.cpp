// Violation, measure, appeal: what leads to what.
#include "access/report_exposed.h"
#include "policy/allowance.h"
#include "policy/control.h"
#include "policy/court_test.h"
#include "policy/entitlement.h"

using namespace answerable;
using namespace answerable::policy;

TEST_CASE("violations climb the clause's ladder, and each measure cites the rule that it rests on") {
  Court at;
  CHECK(at.save(at.agreement()) == "");
  CHECK(at.report(at.bulk()).kind == MeasureKind::warn);
  const auto second = at.report(at.bulk());
  CHECK(second.kind == MeasureKind::limit);
  CHECK(second.rule() == "no_bulk, version 1");
  CHECK(at.report(at.bulk()).kind == MeasureKind::limit);
  CHECK_FALSE(at.is_suspended());
  const auto fourth = at.report(at.bulk());
  CHECK(fourth.kind == MeasureKind::suspend);
  CHECK(fourth.count == 4);
  const auto in_force = at.read([&](store::Session& session) { return suspensions(session, at.shop); });
  REQUIRE(in_force.size() == 1);
  CHECK(in_force[0].cause == "policy_breach");
  CHECK(in_force[0].reason.find("no_bulk, version 1") != std::string::npos);
  at.clock.advance_ms(30 * day_ms);
  CHECK(at.report(at.bulk()).kind == MeasureKind::warn);  // the window has passed
}

TEST_CASE("a term of the agreement goes before the clause, and the decision says so") {
  Court at;
  auto given = at.agreement();
  given.terms = {{"no_bulk", "ladder", "1 block"}};
  CHECK(at.save(given) == "");
  const auto measure = at.report(at.bulk());
  CHECK(measure.kind == MeasureKind::block);
  CHECK(measure.is_term);
  CHECK(measure.rule() == "no_bulk, term of the agreement (version 1)");
}

TEST_CASE("a statement of reasons goes once to each notice address") {
  Court at;
  CHECK(at.save(at.agreement()) == "");
  at.report(at.bulk());
  const auto sent = at.notices();
  REQUIRE(sent.size() == 2);  // administrator and privacy are the same
  for (const auto* part : {"no_bulk, version 1", "60 identical replies.", "The program decided this", "What it affects",
                           "How to cure it", "How to appeal"})
    CHECK(sent[0].text.find(part) != std::string::npos);
}

TEST_CASE("without notice addresses a statement of reasons goes to the active administrators") {
  Court at;
  const auto add = [&](const char* email, access::Role role) {
    return at.write([&](store::Transaction& tx) {
      return access::create_user(tx, access::system_actor(at.shop),
                                 {.workspace = at.shop, .name = email, .email = email, .role = role});
    });
  };
  add("boss@shop.example", access::Role::administrator);
  add("agent@shop.example", access::Role::agent);
  at.report(at.bulk());
  REQUIRE(at.notices().size() == 1);
  CHECK(at.notices()[0].recipient == "boss@shop.example");
}

TEST_CASE("the kill switch is told with its reasons, and an appeal against it leads to two operators who lift it") {
  Court at;
  CHECK(at.save(at.agreement()) == "");
  const auto confirmed = [&](const access::Actor& first, const access::Actor& second, const NewTwoPersonRequest& what) {
    at.write([&](store::Transaction& tx) -> Result<int> {
      TRY(const auto asked, ask(tx, first, what));
      TRY_STATUS(confirm(tx, second, asked.id));
      return 0;
    });
  };
  confirmed(
      at.op, at.other_op,
      {.workspace = at.shop, .act = TwoPersonAct::kill, .cause = "legal_prohibition", .reason = "Order 5 of court."});
  const auto letters = at.notices();
  REQUIRE(letters.size() == 2);
  for (const auto* part : {"how_it_works, version 1", "Order 5 of court.", "Two operators decided", "What it affects",
                           "the order is lifted", "How to appeal"})
    CHECK(letters[0].text.contains(part));
  CHECK_FALSE(letters[0].text.contains("ladder"));
  const auto all = at.read([&](store::Session& session) { return measures(session, at.shop); });
  REQUIRE(all.size() == 1);
  CHECK(all[0].is_kill_switch());
  const auto made = at.write([&](store::Transaction& tx) { return appeal(tx, at.admin, all[0].id, "It is void."); });
  at.write([&](store::Transaction& tx) {
    return decide_appeal(tx, at.op, {.appeal = made.id, .is_reversed = true, .answer = "So it is."});
  });
  CHECK(at.is_suspended());
  const auto asked = at.read([](store::Session& session) { return waiting_requests(session); });
  REQUIRE(asked.size() == 1);
  CHECK(at.error_of([&](store::Transaction& tx) { return confirm(tx, at.op, asked[0].id); }) ==
        "second_person_must_differ");
  CHECK(at.error_of([&](store::Transaction& tx) { return confirm(tx, at.other_op, asked[0].id); }) == "");
  CHECK_FALSE(at.is_suspended());
}

TEST_CASE("what was asked for with an access code that may be known is confirmed by nobody") {
  Court at;
  const auto user = at.write([](store::Transaction& tx) {
    return access::create_user(tx, access::system_actor({}),
                               {.name = "Op", .email = "op@host.example", .role = access::Role::operator_});
  });
  auto asker = at.op;
  asker.user = user.id;
  const NewTwoPersonRequest kill{
      .workspace = at.shop, .act = TwoPersonAct::kill, .cause = "emergency", .reason = "There is a fire."};
  const auto asked = at.write([&](store::Transaction& tx) { return ask(tx, asker, kill); });
  at.write([&](store::Transaction& tx) { return access::report_exposed(tx, "s@host.example", asker, user.id); });
  const auto confirmed = [&](RequestId id) {
    return at.error_of([&](store::Transaction& tx) { return confirm(tx, at.other_op, id); });
  };
  CHECK(confirmed(asked.id) == "asker_exposed");
  CHECK_FALSE(at.is_suspended());
  at.write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(withdraw(tx, at.other_op, asked.id));
    return 0;
  });
  at.clock.advance_ms(1);
  CHECK(confirmed(at.write([&](store::Transaction& tx) { return ask(tx, asker, kill); }).id) == "");
}

TEST_CASE("a letter is in the language of who gets it, and otherwise of the workspace's administrator") {
  Court at;
  const auto add = [&](const char* email, access::Role role, const char* language) {
    at.write([&](store::Transaction& tx) {
      return access::create_user(
          tx, access::system_actor(at.shop),
          {.workspace = at.shop, .name = email, .email = email, .role = role, .language = language});
    });
  };
  add("boss@shop.example", access::Role::administrator, "fr");
  add("law@shop.example", access::Role::agent, "en");
  auto given = at.agreement();
  given.notices = {.administrator = "desk@shop.example", .security = "LAW@shop.example", .privacy = ""};
  CHECK(at.save(given) == "");
  at.report(at.bulk());
  const auto sent = at.notices();
  REQUIRE(sent.size() == 2);
  const auto& english = sent[sent[0].recipient == "LAW@shop.example" ? 0 : 1];
  const auto& french = sent[sent[0].recipient == "LAW@shop.example" ? 1 : 0];
  CHECK(english.subject == "Acceptable use: warning for Shop");
  CHECK(english.text.contains("Statement of reasons"));
  CHECK(french.subject == "Utilisation acceptable : avertissement pour Shop");
  for (const auto* part : {"Exposé des motifs", "Espace : Shop", "60 identical replies.",
                           "Cet avertissement n’arrête rien.", "Rien n’est arrêté. Mettez fin à la cause"})
    CHECK(french.text.contains(part));
  CHECK_FALSE(french.text.contains("{"));
}

TEST_CASE("a violation that cannot be is refused") {
  Court at;
  const auto with = [&](auto change) {
    auto what = at.bulk();
    change(what);
    return at.error_of([&](store::Transaction& tx) -> Status {
      TRY_STATUS(report_violation(tx, at.system, what));
      return {};
    });
  };
  CHECK(with([](NewViolation& one) { one.facts = std::string(facts_bytes_max, 'x'); }) == "");
  CHECK(with([](NewViolation& one) { one.facts = std::string(facts_bytes_max + 1, 'x'); }) == "bad_violation");
  CHECK(with([](NewViolation& one) { one.clause = "moon"; }) == "bad_violation");
  CHECK(with([](NewViolation& one) { one.clause = "how_it_works"; }) == "bad_violation");  // has no ladder
  CHECK(with([&](NewViolation& one) { one.workspace = WorkspaceId::make(at.clock); }) == "workspace_unknown");
  CHECK(at.error_of([&](store::Transaction& tx) -> Status {
    TRY_STATUS(report_violation(tx, at.admin, at.bulk()));
    return {};
  }) == "not_allowed");
}

TEST_CASE("a suspension ends by itself when the last measure that it rests on is cured") {
  Court at;
  auto given = at.agreement();
  given.terms = {{"no_bulk", "ladder", "1 suspend sending"}};
  CHECK(at.save(given) == "");
  const auto first = at.report(at.bulk());
  const auto second = at.report(at.bulk());
  const auto cured = [&](const Measure& measure) {
    return at.error_of(
        [&](store::Transaction& tx) { return end_measure(tx, at.system, at.shop, measure.id, "cured"); });
  };
  CHECK(cured(first) == "");
  CHECK(cured(first) == "measure_over");
  CHECK(at.resume() == 0);
  CHECK(at.is_suspended());
  CHECK(cured(second) == "");
  CHECK(at.resume() == 1);
  CHECK_FALSE(at.is_suspended());
}

TEST_CASE("one operator alone does not end a suspension by declaring it cured or dismissed; lesser measures he does") {
  Court at;
  auto given = at.agreement();
  given.terms = {{"no_bulk", "ladder", "1 warn, 2 suspend sending"}};
  CHECK(at.save(given) == "");
  const auto ended = [&](const access::Actor& who, const Measure& measure, std::string_view as) {
    return at.error_of([&](store::Transaction& tx) { return end_measure(tx, who, at.shop, measure.id, as); });
  };
  CHECK(ended(at.op, at.report(at.bulk()), "cured") == "");
  const auto suspends = at.report(at.bulk());
  for (const auto* as : {"cured", "dismissed"}) {
    CHECK(ended(at.op, suspends, as) == "second_person_needed");
    CHECK(ended(at.other_op, suspends, as) == "second_person_needed");
  }
  CHECK(at.resume() == 0);
  CHECK(at.is_suspended());
  CHECK(ended(at.system, suspends, "cured") == "");
  CHECK(at.resume() == 1);
}

TEST_CASE("an appeal is made once, decided by another person, and a reversed suspension takes a second one") {
  Court at;
  auto given = at.agreement();
  given.terms = {{"no_bulk", "ladder", "1 suspend sending"}};
  CHECK(at.save(given) == "");
  const auto measure = at.report_as(at.op, at.bulk());
  CHECK_FALSE(measure.is_automated);
  const auto appealed = [&](const access::Actor& who, std::string_view text) {
    return at.db->write([&](store::Transaction& tx) { return appeal(tx, who, measure.id, text); });
  };
  CHECK(appealed(at.person(access::Role::supervisor), "No.").error().code == "not_allowed");
  CHECK(appealed(at.admin, "").error().code == "bad_appeal");
  CHECK(appealed(at.admin, std::string(appeal_bytes_max + 1, 'x')).error().code == "bad_appeal");
  const auto made = must(appealed(at.admin, std::string(appeal_bytes_max, 'x')));
  CHECK(appealed(at.admin, "Again.").error().code == "already_appealed");
  CHECK(at.read([](store::Session& session) { return waiting_appeals(session); }).size() == 1);
  const auto decide = [&](const access::Actor& who) {
    return at.error_of([&](store::Transaction& tx) -> Status {
      TRY_STATUS(decide_appeal(tx, who, {.appeal = made.id, .is_reversed = true, .answer = "It was one campaign."}));
      return {};
    });
  };
  CHECK(decide(at.op) == "second_person_must_differ");
  CHECK(decide(at.other_op) == "");
  CHECK(decide(at.other_op) == "appeal_decided");
  CHECK(at.is_suspended());
  const auto waiting = at.read([](store::Session& session) { return waiting_requests(session); });
  REQUIRE(waiting.size() == 1);
  const auto confirmed = [&](const access::Actor& who) {
    return at.error_of([&](store::Transaction& tx) { return confirm(tx, who, waiting[0].id); });
  };
  CHECK(confirmed(at.other_op) == "second_person_must_differ");
  CHECK(confirmed(at.op) == "");
  CHECK_FALSE(at.is_suspended());
  const auto after = at.read([&](store::Session& session) { return load_measure(session, at.shop, measure.id); });
  CHECK(after.ended_as == "dismissed");
}

TEST_CASE("a reversed warning does not count any more") {
  Court at;
  const auto warned = at.report(at.bulk());
  const auto made = at.write([&](store::Transaction& tx) { return appeal(tx, at.admin, warned.id, "It was a test."); });
  at.write([&](store::Transaction& tx) {
    return decide_appeal(tx, at.op, {.appeal = made.id, .is_reversed = true, .answer = "Agreed."});
  });
  CHECK(at.report(at.bulk()).kind == MeasureKind::warn);  // the first again
}

TEST_CASE("figures of a clause: violations, measures, last evidence, in a period") {
  Court at;
  at.report(at.bulk());
  at.clock.advance_ms(1'000);
  auto later = at.bulk();
  later.facts = "70 identical replies.";
  at.report(later);
  const auto figures =
      at.read([&](store::Session& session) { return clause_figures(session, at.clock.now() - 1'000); });
  REQUIRE(figures.size() == 1);
  CHECK(figures[0].violations == 2);
  CHECK(figures[0].warn == 1);
  CHECK(figures[0].limit == 1);
  CHECK(figures[0].last_facts == "70 identical replies.");
  CHECK(at.read([&](store::Session& session) { return clause_figures(session, at.clock.now()); })[0].violations == 1);
}

TEST_CASE("a limit holds the workspace to its rate at the act, says why, and is lifted with its end") {
  Court at;
  auto given = at.agreement();
  given.terms = {{"no_bulk", "ladder", "1 limit sending"}, {"no_bulk", "limited_per_minute", "3"}};
  CHECK(at.save(given) == "");
  const auto send = [&] { return at.error_of([&](store::Transaction& tx) { return judge_message(tx, at.shop); }); };
  for (int i = 0; i < 5; ++i) CHECK(send() == "");
  const auto measure = at.report(at.bulk());
  CHECK(measure.kind == MeasureKind::limit);
  for (int i = 0; i < 3; ++i) CHECK(send() == "");
  CHECK(send() == "limited_by_policy");
  const auto refused = at.db->write([&](store::Transaction& tx) { return judge_message(tx, at.shop); });
  CHECK(refused.error().kind == ErrorKind::limited);
  CHECK(refused.error().detail.find("no_bulk, term of the agreement (version 1)") != std::string::npos);
  at.clock.advance_ms(20'000);
  CHECK(send() == "");
  CHECK(send() == "limited_by_policy");
  CHECK(at.error_of([&](store::Transaction& tx) { return end_measure(tx, at.op, at.shop, measure.id, "cured"); }) ==
        "");
  for (int i = 0; i < 5; ++i) CHECK(send() == "");
}

TEST_CASE("a limit without a scope is one of sending; each scope limits its own acts, everything all of them") {
  Court at;
  const auto limited = [&](std::string ladder, Scope scope) {
    auto given = at.agreement();
    given.terms = {{"no_bulk", "ladder", std::move(ladder)}};
    CHECK(at.save(given) == "");
    const auto measure = at.report(at.bulk());
    const auto found = at.read([&](store::Session& session) { return find_limitation(session, at.shop, scope); });
    if (found) CHECK(found->rate.quota == limited_per_minute_otherwise);
    at.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(end_measure(tx, at.system, at.shop, measure.id, "cured"));
      return 0;
    });
    return found.has_value();
  };
  CHECK(limited("1 limit", Scope::sending));
  CHECK_FALSE(limited("1 limit", Scope::api));
  CHECK(limited("1 limit api", Scope::api));
  CHECK_FALSE(limited("1 limit api", Scope::sending));
  for (const auto scope : {Scope::sending, Scope::new_conversations, Scope::api, Scope::sign_in})
    CHECK(limited("1 limit everything", scope));
}

TEST_CASE("what the agreement says of rates goes before the clause, and a rate that is none is refused") {
  Court at;
  auto given = at.agreement();
  given.terms = {{"fair_load", "read_per_minute", "500"}, {"fair_load", "export_per_minute", "1000000000"}};
  CHECK(at.save(given) == "");
  const auto allowance = at.read([&](store::Session& session) { return find_allowance(session, at.shop); });
  CHECK(allowance.read == 500);
  CHECK(allowance.exports == 1'000'000'000);
  CHECK_FALSE(allowance.write.has_value());
  for (const auto* wrong : {"0", "1000000001", "many"}) {
    given.terms = {{"fair_load", "read_per_minute", wrong}};
    CHECK(at.save(given) == "bad_rule");
  }
}
