// Rules in a workspace: kept, counted, judged by, with what follows.
#include "policy/judge_content.h"
#include "policy/content_rules.h"
#include "policy/court_test.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

struct Desk : Court {
  ContentRuleId rule_id;
  ConversationId conversation = ConversationId::make(clock);
  std::string author = "nora";
  ChannelId channel = ChannelId::make(clock);

  ContentRule words(ContentAction action, std::vector<std::string> values = {"lottery"}) const {
    return {.workspace = shop, .name = "Games", .kind = ContentKind::words, .action = action, .values = values};
  }
  ContentRule operators(ContentAction action, std::string clause = "lawful_content") const {
    auto one = words(action);
    one.workspace = {};
    one.clause = std::move(clause);
    return one;
  }
  std::string save_as(const access::Actor& who, const ContentRule& one) {
    return error_of([&](store::Transaction& tx) -> Status {
      TRY(const auto saved, save_content_rule(tx, who, one));
      rule_id = saved.id;
      return {};
    });
  }
  ContentOrigin origin() const {
    return {.workspace = shop, .channel = channel, .conversation = conversation, .author = author};
  }
  ContentJudgement judge(std::string_view text, bool is_outbound = true, std::string_view from = "x@y.example") {
    return read([&](store::Session& session) {
      return judge_content(session, origin(),
                           {.is_outbound = is_outbound, .channel_kind = "email", .text = text, .from_address = from});
    });
  }
  // "" when it may leave.
  std::string leave(std::string_view text, bool is_confirmed = false) {
    const auto may = may_leave(judge(text), is_confirmed);
    return may ? "" : may.error().code;
  }
  // As if it was sent.
  MessageId sent(std::string_view text, bool is_outbound = true) {
    const auto judgement = judge(text, is_outbound);
    const auto id = MessageId::make(clock);
    CHECK(error_of([&](store::Transaction& tx) { return record_content(tx, origin(), judgement, is_outbound, id); }) ==
          "");
    return id;
  }
  std::vector<Measure> all_measures() {
    return read([&](store::Session& session) { return measures(session, shop); });
  }
};

}  // namespace

TEST_CASE_FIXTURE(Desk, "a rule refuses, or asks its author first, or lets a message wait, or notes it") {
  CHECK(leave("A lottery!") == "");
  CHECK(save_as(admin, words(ContentAction::note)) == "");
  CHECK(judge("A lottery!").findings().size() == 1);
  CHECK(leave("A lottery!") == "");
  auto one = words(ContentAction::warn);
  one.id = rule_id;
  CHECK(save_as(admin, one) == "");
  CHECK(leave("A lottery!") == "content_warning");
  CHECK(leave("A lottery!", true) == "");
  one.action = ContentAction::hold;
  CHECK(save_as(admin, one) == "");
  CHECK(judge("A lottery!").must_wait());
  CHECK(leave("A lottery!") == "");
  one.action = ContentAction::refuse;
  CHECK(save_as(admin, one) == "");
  CHECK(leave("A lottery!", true) == "content_refused");
  one.is_active = false;
  CHECK(save_as(admin, one) == "");
  CHECK(leave("A lottery!") == "");
  CHECK(error_of([&](store::Transaction& tx) { return delete_content_rule(tx, admin, shop, rule_id); }) == "");
  CHECK(error_of([&](store::Transaction& tx) { return delete_content_rule(tx, admin, shop, rule_id); }) ==
        "content_rule_unknown");
}

TEST_CASE_FIXTURE(Desk, "an administrator changes the own workspace's rules only, the operator those of all") {
  CHECK(save_as(person(access::Role::supervisor), words(ContentAction::note)) == "not_allowed");
  CHECK(save_as(op, words(ContentAction::note)) == "not_allowed");
  CHECK(save_as(admin, operators(ContentAction::note)) == "not_allowed");
  auto elsewhere = words(ContentAction::note);
  elsewhere.workspace = WorkspaceId::make(clock);
  CHECK(save_as(admin, elsewhere) == "not_allowed");
  CHECK(save_as(op, operators(ContentAction::note)) == "");
  CHECK(judge("lottery").findings().size() == 1);
}

TEST_CASE_FIXTURE(Desk, "what breaks the operator's rule violates its clause, with evidence, and climbs its ladder") {
  CHECK(save_as(op, operators(ContentAction::note)) == "");
  const auto first = sent("You won the lottery.");
  const auto after = all_measures();
  REQUIRE(after.size() == 1);
  CHECK(after[0].kind == MeasureKind::warn);
  CHECK(after[0].object_id == first.text());
  CHECK(after[0].facts == "The rule \"Games\" found in an outgoing message: You won the lottery.");
  sent("lottery");
  // The third leads to `hold`, by the ladder: it is foreseen, and the message waits.
  CHECK(judge("lottery").must_wait());
  sent("lottery");
  CHECK(all_measures()[0].kind == MeasureKind::hold);
  const auto shown = read([&](store::Session& session) { return findings_of(session, shop, first); });
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].name == "Games");
  const auto counted = read([](store::Session& session) { return operators_content_rules(session); });
  REQUIRE(counted.size() == 1);
  CHECK(counted[0].hits == 3);
}

TEST_CASE_FIXTURE(Desk, "what a stranger writes is no violation of the workspace") {
  CHECK(save_as(op, operators(ContentAction::note)) == "");
  sent("lottery", false);
  CHECK(all_measures().empty());
}

TEST_CASE_FIXTURE(Desk, "a clause that the binding policy does not have is noted and violates nothing") {
  CHECK(save_as(op, operators(ContentAction::note, "moon")) == "");
  sent("lottery");
  CHECK(all_measures().empty());
  CHECK(read([](store::Session& session) { return operators_content_rules(session); })[0].hits == 1);
}

TEST_CASE_FIXTURE(Desk, "almost the same text to many is found at the number of the clause, or of the agreement") {
  auto given = agreement();
  given.terms = {{"no_bulk", "identical_replies", "3"}, {"no_bulk", "identical_minutes", "10"}};
  CHECK(save(given) == "");
  CHECK(save_as(op, {.name = "Bulk",
                     .clause = "no_bulk",
                     .kind = ContentKind::identical,
                     .way = ContentWay::outbound,
                     .values = {"50", "60"}}) == "");
  const std::string text = ", our new catalogue is out: forty pages of lamps for house and garden, free of shipping.";
  const auto send_to = [&](const std::string& name) {
    conversation = ConversationId::make(clock);
    const auto hits = judge("Dear " + name + text).findings().size();
    sent("Dear " + name + text);
    return hits;
  };
  CHECK(send_to("Anna") == 0);
  CHECK(send_to("Bert") == 0);
  CHECK(judge("Dear Bert" + text).findings().empty());  // the same conversation again is not one more
  CHECK(send_to("Cleo") == 1);
  clock.advance_ms(10 * 60'000);
  CHECK(send_to("Dora") == 0);
}

TEST_CASE_FIXTURE(Desk, "a measure that stands holds or blocks whom or what it names, until it is cured or dismissed") {
  const auto impose = [&](std::string_view ladder, std::string kind, std::string id) {
    auto given = agreement();
    given.terms = {{"lawful_content", "ladder", std::string(ladder)}};
    CHECK(save(given) == "");
    return report_as(op, {.workspace = shop,
                          .clause = "lawful_content",
                          .control = "report",
                          .object_kind = std::move(kind),
                          .object_id = std::move(id),
                          .facts = "A complaint."});
  };
  const auto end = [&](const Measure& measure) {
    CHECK(error_of([&](store::Transaction& tx) { return end_measure(tx, other_op, shop, measure.id, "cured"); }) == "");
  };
  auto standing = impose("1 hold", "", "");
  CHECK(judge("Hello").must_wait());
  CHECK(judge("Hello", false).findings().empty());
  end(standing);
  CHECK(judge("Hello").findings().empty());
  standing = impose("1 block", "user", "nora");
  CHECK(leave("Hello") == "content_refused");
  author = "ivy";
  CHECK(leave("Hello") == "");
  end(standing);
  standing = impose("1 block", "link", "evil.example");
  CHECK(leave("http://www.evil.example/") == "content_refused");
  CHECK(leave("http://good.example/") == "");
  end(standing);
  standing = impose("1 hold", "channel", channel.text());
  CHECK(judge("Hello", false).must_wait());
  end(standing);
  standing = impose("1 block", "sender", "spam.example");
  CHECK(judge("Hello", false, "Me@SPAM.example").action() == ContentAction::refuse);
  CHECK(judge("Hello", false, "me@notspam.example").findings().empty());
  end(standing);
  standing = impose("1 block", "message", "m");
  CHECK(leave("Hello") == "");  // it was for that message only
}

TEST_CASE_FIXTURE(Desk, "at most 200 rules a workspace, and an example is tried without being kept") {
  const ContentRule one{.workspace = shop, .name = "Keys", .kind = ContentKind::secrets};
  for (std::size_t i = 0; i < content_rules_max; ++i) CHECK(save_as(admin, one) == "");
  CHECK(save_as(admin, words(ContentAction::note)) == "too_many_content_rules");
  const auto tried = [&](std::string_view text) {
    return must(try_content_rule(words(ContentAction::note), {.is_outbound = true, .text = text}, {}));
  };
  CHECK(tried("The lottery") == "The lottery");
  CHECK_FALSE(tried("Nothing").has_value());
  CHECK(try_content_rule(words(ContentAction::note, {}), {}, {}).error().code == "bad_content_rule");
}

TEST_CASE_FIXTURE(Desk, "a change that was undone is not remembered") {
  CHECK(save_as(admin, words(ContentAction::refuse)) == "");
  CHECK(error_of([&](store::Transaction& tx) -> Status {
          auto other = words(ContentAction::refuse, {"casino"});
          other.id = rule_id;
          TRY_STATUS(save_content_rule(tx, admin, other));
          TRY_STATUS(judge_content(tx, origin(), {.is_outbound = true, .channel_kind = "email", .text = "x"}));
          return fail(ErrorKind::invalid, "undone", "On purpose.");
        }) == "undone");
  CHECK(leave("lottery") == "content_refused");
  CHECK(leave("casino") == "");
}
