#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>

#include "access/schema.h"
#include "access/testing.h"
#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "policy/difference.h"
#include "policy/document.h"
#include "policy/judge.h"
#include "policy/ladder.h"
#include "policy/version.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::policy;
using access::must;

namespace {

struct Versions {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase db =
      store::open_temporary(clock, metrics, {cluster::schema(), audit::schema(), access::schema(), schema()});
  access::Actor op = [] {
    access::Actor one;
    one.kind = access::Actor::Kind::user;
    one.role = access::Role::operator_;
    return one;
  }();

  Result<Version> save(const std::vector<Clause>& clauses, std::string_view summary = "") {
    return db->write([&](store::Transaction& tx) { return save_draft(tx, op, summary, clauses); });
  }
  Result<VersionHead> publish(Time at) {
    return db->write([&](store::Transaction& tx) { return publish_draft(tx, op, at); });
  }
  std::int64_t in_force(Time at) {
    return must(db->query([&](store::Session& session) { return version_in_force(session, at); }));
  }
};

Clause clause(std::string id, std::string body = "Text.") {
  return {.id = std::move(id), .use_class = 1, .rules = {}, .texts = {{"en", "Title", std::move(body)}}};
}

std::string joined(const std::vector<Piece>& pieces, Change without) {
  std::string text;
  for (const auto& piece : pieces) text += piece.change == without ? "" : piece.text;
  return text;
}

}  // namespace

TEST_CASE("the default policy covers the seven classes in English and French, and is in its one form") {
  const auto clauses = must(parse_document(default_document()));
  CHECK(encode_document(clauses) == default_document());
  for (int use_class = 1; use_class <= use_class_max; ++use_class)
    CHECK(std::ranges::any_of(clauses, [&](const Clause& one) { return one.use_class == use_class; }));
  for (const auto& one : clauses) {
    CHECK(text_in(one, "en").language == "en");
    CHECK(text_in(one, "fr").language == "fr");
    CHECK((one.use_class == 0 || !find_rule(one, "ladder").empty()));
  }
}

TEST_CASE("a text that looks like a mark is read back as it was") {
  std::vector<Clause> clauses{clause("a", "@clause x\n@@ two\nplain @\n\n"), clause("b", "\n@")};
  clauses[0].rules = {{"ladder", "1 warn, 2 suspend sending"}, {"note", "a = b"}};
  clauses[0].texts.push_back({"fr", "@ titre", "Texte"});
  CHECK(must(parse_document(encode_document(clauses))) == clauses);
}

TEST_CASE("a document that cannot be read is refused with its line") {
  const auto detail = [](std::string_view text) {
    const auto parsed = parse_document(text);
    return parsed ? std::string() : parsed.error().code + ": " + parsed.error().detail;
  };
  CHECK(detail("text") == "bad_policy: Line 1: text comes after @text.");
  CHECK(detail("@rule a = b") == "bad_policy: Line 1: a policy begins with @clause.");
  CHECK(detail("@clause a\n@rule a: b").starts_with("bad_policy: Line 2"));
  CHECK(detail("@clause a\n@text en Title\nx\n@rule a = b").starts_with("bad_policy: Line 4"));
  CHECK(detail("@clause a\n@class seven").starts_with("bad_policy: Line 2"));
  CHECK(detail("") == "bad_policy: A policy has 1 to 50 clauses.");
  CHECK(detail(std::string(document_bytes_max + 1, 'x')) == "bad_policy: A policy has at most 1 MiB.");
}

TEST_CASE("clauses are checked at their bounds") {
  const auto is_right = [](const Clause& one) { return check_clauses({one}).has_value(); };
  const auto with = [](auto change) {
    auto one = clause("a");
    change(one);
    return one;
  };
  CHECK(is_right(clause(std::string(clause_id_bytes_max, 'a'))));
  CHECK_FALSE(is_right(clause(std::string(clause_id_bytes_max + 1, 'a'))));
  CHECK(is_right(clause("a", std::string(clause_body_bytes_max, 'x'))));
  CHECK_FALSE(is_right(clause("a", std::string(clause_body_bytes_max + 1, 'x'))));
  CHECK_FALSE(is_right(clause("a", "")));
  CHECK_FALSE(is_right(clause("A b")));
  CHECK(is_right(with([](Clause& one) { one.texts[0].title = std::string(clause_title_bytes_max, 'x'); })));
  CHECK_FALSE(is_right(with([](Clause& one) { one.texts[0].title = std::string(clause_title_bytes_max + 1, 'x'); })));
  CHECK(is_right(with([](Clause& one) { one.use_class = use_class_max; })));
  CHECK_FALSE(is_right(with([](Clause& one) { one.use_class = use_class_max + 1; })));
  CHECK_FALSE(is_right(with([](Clause& one) { one.texts.push_back(one.texts[0]); })));
  CHECK_FALSE(is_right(with([](Clause& one) { one.texts[0].language = "eng"; })));
  CHECK(is_right(with([](Clause& one) { one.rules = {{"x", std::string(rule_value_bytes_max, 'v')}}; })));
  CHECK_FALSE(is_right(with([](Clause& one) { one.rules = {{"x", std::string(rule_value_bytes_max + 1, 'v')}}; })));
  CHECK_FALSE(is_right(with([](Clause& one) { one.rules = {{"x", "1"}, {"x", "2"}}; })));
  CHECK(is_right(with([](Clause& one) { one.rules = {{"window_days", "100000"}}; })));
  CHECK_FALSE(is_right(with([](Clause& one) { one.rules = {{"window_days", "100001"}}; })));
  CHECK_FALSE(is_right(with([](Clause& one) { one.rules = {{"window_days", "0"}}; })));
  std::vector<Clause> many;
  for (std::size_t i = 0; i < clauses_max; ++i) many.push_back(clause("c" + std::to_string(i)));
  CHECK(check_clauses(many));
  many.push_back(clause("more"));
  CHECK_FALSE(check_clauses(many));
}

TEST_CASE("a ladder says what the n-th violation leads to") {
  const auto ladder = must(parse_ladder("1 warn, 3 hold,5 suspend api"));
  CHECK(step_for(ladder, 1)->kind == MeasureKind::warn);
  CHECK(step_for(ladder, 2)->kind == MeasureKind::warn);
  CHECK(step_for(ladder, 4)->kind == MeasureKind::hold);
  CHECK(step_for(ladder, 50) == LadderStep{.count = 5, .kind = MeasureKind::suspend, .scope = Scope::api});
  CHECK_FALSE(step_for(must(parse_ladder("2 warn")), 1));
  for (const auto* wrong : {"", "warn", "1 scold", "1 warn, 1 hold", "2 warn, 1 hold", "1 suspend", "1 suspend all",
                            "1 warn sending", "0 warn", "10001 warn", "1 warn,", "-1 warn"})
    CHECK_FALSE(parse_ladder(wrong));
}

TEST_CASE("a draft is replaced until it is published, and a published version never changes") {
  Versions at;
  CHECK(must(at.save({clause("a", "one")})).head.number == 1);
  CHECK(must(at.save({clause("a", "two")})).head.number == 1);
  CHECK(at.in_force(at.clock.now()) == 0);
  CHECK(must(at.publish(at.clock.now())).number == 1);
  CHECK(at.publish(at.clock.now() + 1).error().code == "no_draft");
  CHECK(must(at.save({clause("a", "three")})).head.number == 2);
  CHECK(at.publish(at.clock.now()).error().code == "bad_effective_at");
  CHECK(at.publish(at.clock.now() - 1).error().code == "bad_effective_at");
  CHECK(must(at.publish(at.clock.now() + 1'000)).number == 2);
  CHECK(at.in_force(at.clock.now() + 999) == 1);
  CHECK(at.in_force(at.clock.now() + 1'000) == 2);
  CHECK(at.in_force(at.clock.now() - 1) == 0);
  const auto first = must(at.db->query([](store::Session& session) { return load_version(session, 1); }));
  CHECK(first.clauses[0].texts[0].body == "two");
  const auto entries = must(at.db->query([](store::Session& session) { return audit::entry_count(session, {}); }));
  CHECK(entries == 5);
}

TEST_CASE("a version is published from now while the clock moves") {
  // Each look at this clock is a millisecond later, as on a busy machine.
  struct MovingClock final : Clock {
    Time now() const override { return Time{++ms}; }
    std::int64_t monotonic_ms() const override { return ms; }
    mutable std::atomic<std::int64_t> ms{1'700'000'000'000};
  } clock;
  Metrics metrics;
  auto db = store::open_temporary(clock, metrics, {cluster::schema(), audit::schema(), access::schema(), schema()});
  CHECK(db->write([](store::Transaction& tx) { return publish_default(tx); }));
}

TEST_CASE("only the operator writes the policy") {
  Versions at;
  at.op.role = access::Role::administrator;
  at.op.workspace = WorkspaceId::make(at.clock);
  CHECK(at.save({clause("a")}).error().code == "not_allowed");
  CHECK(at.publish(at.clock.now()).error().code == "not_allowed");
}

TEST_CASE("the default policy becomes version 1 once") {
  Versions at;
  for (int i = 0; i < 2; ++i)
    must(at.db->write([](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(publish_default(tx));
      return 0;
    }));
  CHECK(at.in_force(at.clock.now()) == 1);
  CHECK(must(at.db->query([](store::Session& session) { return published_versions(session); })).size() == 1);
}

TEST_CASE("a difference names the words that went and those that came") {
  const auto pieces = difference("Do not send spam.\nEver.", "Do not ever send spam.\nEver again.");
  CHECK(joined(pieces, Change::added) == "Do not send spam.\nEver.");
  CHECK(joined(pieces, Change::removed) == "Do not ever send spam.\nEver again.");
  CHECK(pieces[0] == Piece{Change::same, "Do not "});
  CHECK(pieces[1] == Piece{Change::added, "ever "});
  CHECK(difference("", "").empty());
  std::string many;
  for (int i = 0; i < 2'001; ++i) many += "w ";
  CHECK(difference(many, "x " + many).size() == 2);  // too many words: one piece each
}

TEST_CASE("clauses are compared by their ids") {
  using Kind = ClauseDifference::Kind;
  auto changed = clause("a", "New text.");
  changed.rules = {{"ladder", "1 warn"}};
  const auto found =
      difference({clause("a"), clause("gone"), clause("same")}, {clause("same"), changed, clause("new")}, "fr");
  REQUIRE(found.size() == 4);
  CHECK(found[0].kind == Kind::same);
  CHECK(found[1].kind == Kind::changed);
  CHECK(found[1].rules.at(0).after == "1 warn");
  CHECK(found[2].kind == Kind::added);
  CHECK(found[3].kind == Kind::removed);
  CHECK(found[3].id == "gone");
}
