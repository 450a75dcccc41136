// What rules find in a text, and what they do not.
#include <doctest/doctest.h>

#include "access/testing.h"
#include "policy/content_matcher.h"
#include "policy/content_pattern.h"
#include "policy/content_rules.h"
#include "policy/impersonation.h"
#include "policy/link_host.h"
#include "policy/near_identical.h"
#include "policy/sensitive.h"

using namespace answerable;
using namespace answerable::policy;
using access::must;

namespace {

ContentRule rule(ContentKind kind, std::vector<std::string> values = {}, ContentWay way = ContentWay::both) {
  const bool is_inbound = kind == ContentKind::impersonation || kind == ContentKind::reply_elsewhere;
  return {.workspace = WorkspaceId::from_bytes("0123456789abcdef"),
          .name = "A rule",
          .kind = kind,
          .way = is_inbound ? ContentWay::inbound : way,
          .values = std::move(values)};
}

// What the rule finds in an outgoing text; "-" for nothing.
std::string found(const ContentRule& one, std::string_view text, std::string_view html = {}) {
  const auto matcher = must(ContentMatcher::make({one}));
  const auto hits = matcher->find({.is_outbound = true, .channel_kind = "email", .text = text, .html = html}, {});
  return hits.empty() ? "-" : hits.front().excerpt;
}

std::string problem(const ContentRule& one) {
  const auto checked = check_content_rule(one);
  return checked ? "" : checked.error().code;
}

std::size_t cards(std::string_view text) { return find_card_numbers(text).size(); }

}  // namespace

TEST_CASE("words are found in either case and over line ends, and only where they stand for themselves") {
  const auto one = rule(ContentKind::words, {"wire transfer", "заказ", "礼品卡"});
  CHECK(found(one, "Please make a Wire \n  TRANSFER today.") == "Please make a Wire TRANSFER today.");
  CHECK(found(one, "wire transfers are slow, a rewire transfer too") == "-");
  CHECK(found(one, "wire transfers are slow; a wire transfer is not") != "-");
  CHECK(found(one, "wire-transfer") == "-");
  CHECK(found(one, "Где мой ЗАКАЗ?") != "-");
  CHECK(found(one, "заказчик") == "-");
  CHECK(found(one, "请买礼品卡给我") != "-");                   // no blanks between words there
  CHECK(found(one, "wi\u200Bre\u00AD tran\u2060sfer") != "-");  // signs that nobody sees
  CHECK(found(one, "", "<p>wire <b>trans</b>fer</p>") != "-");
  CHECK(found(one, "", "wire&nbsp;transfer") != "-");
}

TEST_CASE("patterns are RE2, in bounded time and memory, and may not match everything") {
  CHECK(found(rule(ContentKind::pattern, {"[A-Z]{3}-\\d{4}"}), "Your voucher ABC-1234.") != "-");
  CHECK(problem(rule(ContentKind::pattern, {"(a"})) == "bad_pattern");
  CHECK(problem(rule(ContentKind::pattern, {"a*"})) == "bad_pattern");
  CHECK(problem(rule(ContentKind::pattern, {"(?=a)b"})) == "bad_pattern");
  CHECK(problem(rule(ContentKind::pattern, {"(\\pL{1,900}\\pN{1,900}){1,900}"})) == "bad_pattern");
  // What takes other engines years.
  CHECK(found(rule(ContentKind::pattern, {"(x+x+)+y"}), std::string(200'000, 'x')) == "-");
}

TEST_CASE("links are found by host and all below it, however the host is written") {
  const auto one = rule(ContentKind::links, {"evil.example", "bücher.example", "198.51.100.7"});
  for (const auto* text : {"http://evil.example/x", "see EVIL.example.", "https://a.b.evil.example:8080/",
                           "https://good.example@evil.example/", "http://%65vil.example/", "www.ｅｖｉｌ.example",
                           "mail me: x@evil.example", "https://xn--bcher-kva.example", "http://BÜCHER.example/",
                           "http://198.51.100.7/pay"})
    CHECK_MESSAGE(found(one, text) != "-", text);
  for (const auto* text :
       {"http://evil.example.org/", "notevil.example", "evil", "example", "http://good.example/evil"})
    CHECK_MESSAGE(found(one, text) == "-", text);
  CHECK(found(one, "look here", R"(<a href="https://www.evil.example/">look here</a>)") == "www.evil.example");
  CHECK(problem(rule(ContentKind::links, {"https://evil.example"})) == "bad_content_rule");
}

TEST_CASE("card numbers are found by range, length and check digit, in one piece or in a card's groups") {
  for (const auto* text : {"4111111111111111", "My card: 4111 1111 1111 1111 thanks", "5555-5555-5555-4444",
                           "3782 822463 10005", "378282246310005", "6011111111111117", "3530111333300000",
                           "2223003122003222", "30569309025904", "4111 1111 1111 1111 123", "(4111111111111111)"})
    CHECK_MESSAGE(cards(text) == 1, text);
  CHECK(cards("4111 1111 1111 1111 and 5555555555554444") == 2);
  CHECK(find_card_numbers("4111 1111 1111 1111")[0].what == "Visa •••• 1111");
}

TEST_CASE("what only looks like a card number is none") {
  for (const auto* text :
       {"4111111111111112",  // check digit
        "9111111111111111",  // nobody's range
        "0000000000000000", "4444444444444444444444", "order 4111111111111111", "Commande n° 4111111111111111",
        "tracking no. 4111 1111 1111 1111", "#4111111111111111", "ID4111111111111111", "4111111111111111kB",
        "DE89 3704 0044 0532 0130 00",  // an account
        "41 11 11 11 11 11 11 11", "4111 111111 111111", "+49 89 4111 1111 1111 1111"})
    CHECK_MESSAGE(cards(text) == 0, text);
  CHECK(cards("card for my order: 4111111111111111") == 1);
  CHECK(cards("Please refund 4111111111111111") == 1);
  CHECK(cards("I need it in order to pay: 4111111111111111") == 1);
}

TEST_CASE("secrets are found by their form") {
  const auto what = [](std::string_view text) {
    const auto all = find_secrets(text);
    return all.empty() ? std::string() : all.front().what;
  };
  CHECK(what("-----BEGIN RSA PRIVATE KEY-----\nMIIE") == "a private key");
  CHECK(what("key AKIA"
             "ABCDEFGHIJKLMNOP here") == "an access key");
  CHECK(what("ghp_"
             "abcdefghijklmnopqrstuvwxyz0123456789") == "an access key");
  CHECK(what("eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl") == "a signed token");
  CHECK(what("your password is: hunter22!") == "a password");
  CHECK(what("Mot de passe : azerty12") == "a password");
  CHECK(what("I forgot my password. Is there a way to reset it?") == "");
  CHECK(what("It says that my password is incorrect.") == "");
  CHECK(what("Password required: choose one") == "");
  CHECK(what("-----BEGIN PUBLIC KEY-----") == "");
}

TEST_CASE("no excerpt shows a whole card number or secret, whatever rule it is of") {
  const auto one = rule(ContentKind::words, {"my card"});
  const auto excerpt = found(one, "This is my card 4111 1111 1111 1111, the password is hunter22!, bye");
  CHECK(excerpt.find("my card") != std::string::npos);
  CHECK(excerpt.find("1111") == std::string::npos);
  CHECK(excerpt.find("hunter22") == std::string::npos);
  CHECK(found(rule(ContentKind::card_numbers), "4111 1111 1111 1111") == "Visa •••• 1111");
  CHECK(found(rule(ContentKind::card_numbers), "4111111111111111 5555555555554444") == "Visa •••• 1111 (+ 1)");
  CHECK(found(rule(ContentKind::secrets), "password: hunter22!") == "a password");
  // The cut falls into the number.
  const auto cut = found(rule(ContentKind::words, {"here"}), "here" + std::string(35, '.') + " 4111111111111111");
  CHECK(cut.find("411") == std::string::npos);
}

TEST_CASE("somebody who shows the name of one of ours with a foreign address is found") {
  OwnSenders own;
  own.add_name("Nora Lindqvist");
  own.add_address("help@shop.example");
  own.add_address("nora@home.example");
  const auto is = [&](std::string_view name, std::string_view address, std::vector<std::string> values = {}) {
    return find_impersonation(values, {.from_name = name, .from_address = address}, own).has_value();
  };
  CHECK(is("Nora Lindqvist", "ceo@mailbox.example"));
  CHECK(is("NORA  lindqvist ", "ceo@mailbox.example"));
  CHECK(is("Nоra Lindqvist", "ceo@mailbox.example"));  // the о is Cyrillic
  CHECK_FALSE(is("Nora Lindqvist", "Nora@home.example"));
  CHECK(is("Nora Lindqvist", "nora@shop.example"));
  CHECK_FALSE(is("Nora Lindqvist", "nora@shop.example", {"@shop.example"}));
  CHECK_FALSE(is("Nora Berg", "nora@berg.example"));
  CHECK(is("ACME Billing", "x@mailbox.example", {"Acme"}));
  CHECK_FALSE(is("Al", "al@mailbox.example", {"Al"}));  // too short to be anybody's alone
  const Content forged{.from_name = "Nora Lindqvist", .from_address = "help@shop.example", .is_sender_disproved = true};
  CHECK(find_impersonation({}, forged, own).has_value());
}

TEST_CASE("answers that would go to another house are found") {
  const auto is = [](std::string_view from, std::vector<std::string> to) {
    return find_reply_elsewhere({.from_address = from, .reply_to = std::move(to)}).has_value();
  };
  CHECK(is("a@shop.example", {"b@mailbox.example"}));
  CHECK_FALSE(is("a@news.shop.example", {"b@shop.example"}));
  CHECK(is("a@shop.co.uk", {"b@other.co.uk"}));
  CHECK_FALSE(is("a@shop.example", {}));
}

TEST_CASE("almost the same text is told from another one, whoever it greets") {
  const std::string offer =
      ",\nwe are glad to tell you that our new catalogue has come out. It has forty pages of lamps and lanterns for "
      "house and garden, and everything in it can be ordered until the end of the month without shipping costs.\n";
  const std::string answer =
      ",\nthank you for your patience. I looked for the parcel: it left our store on Monday and waits at the post "
      "office near you, where somebody has to sign for it. Please take your card with you when you go there.\n";
  const auto print = [](const std::string& text) { return *fingerprint_of(text); };
  CHECK(is_near(print("Dear Anna" + offer), print("Dear Mr. van den Berg" + offer)));
  CHECK_FALSE(is_near(print("Dear Anna" + offer), print("Dear Anna" + answer)));
  CHECK_FALSE(fingerprint_of("Thank you, it is on its way to you now, Anna!").has_value());
  CHECK(fingerprint_of("one two three four five six seven eight nine ten eleven twelve").has_value());
}

TEST_CASE("a rule that cannot be is refused, at each bound") {
  CHECK(problem(rule(ContentKind::words, {"x"})) == "");
  CHECK(problem(rule(ContentKind::words)) == "bad_content_rule");
  CHECK(problem(rule(ContentKind::words, {std::string(content_value_bytes_max, 'x')})) == "");
  CHECK(problem(rule(ContentKind::words, {std::string(content_value_bytes_max + 1, 'x')})) == "bad_content_rule");
  CHECK(problem(rule(ContentKind::words, std::vector<std::string>(content_values_max, "x"))) == "");
  CHECK(problem(rule(ContentKind::words, std::vector<std::string>(content_values_max + 1, "x"))) == "bad_content_rule");
  const std::string long_value(content_value_bytes_max, 'x');
  CHECK(problem(rule(ContentKind::words, std::vector<std::string>(163, long_value))) == "");
  CHECK(problem(rule(ContentKind::words, std::vector<std::string>(164, long_value))) == "bad_content_rule");
  CHECK(problem(rule(ContentKind::words, {" "})) == "bad_content_rule");
  CHECK(problem(rule(ContentKind::words, {"a\nb"})) == "bad_content_rule");
  CHECK(problem(rule(ContentKind::secrets, {"x"})) == "bad_content_rule");
  CHECK(problem(rule(ContentKind::identical, {"50", "60"}, ContentWay::outbound)) == "");
  CHECK(problem(rule(ContentKind::identical, {"50", "60"})) == "bad_content_rule");
  CHECK(problem(rule(ContentKind::identical, {"50", "10001"}, ContentWay::outbound)) == "bad_content_rule");
  auto named = rule(ContentKind::secrets);
  named.name = std::string(content_name_bytes_max, 'x');
  CHECK(problem(named) == "");
  named.name += 'x';
  CHECK(problem(named) == "bad_content_rule");
  auto claused = rule(ContentKind::secrets);
  claused.clause = "no_bulk";
  CHECK(problem(claused) == "bad_content_rule");
  claused.workspace = {};
  CHECK(problem(claused) == "");
  auto channels = rule(ContentKind::secrets);
  channels.channels = std::vector<std::string>(content_channels_max, "email");
  CHECK(problem(channels) == "");
  channels.channels.emplace_back("webchat");
  CHECK(problem(channels) == "bad_content_rule");
}

TEST_CASE("a rule is asked for its way and its channels only, and the rest of a very long text is not looked at") {
  auto one = rule(ContentKind::words, {"x"}, ContentWay::inbound);
  CHECK(found(one, "x") == "-");
  one.way = ContentWay::outbound;
  one.channels = {"webchat"};
  CHECK(found(one, "x") == "-");
  one.channels = {"email"};
  CHECK(found(one, "x") == "x");
  one.is_active = false;
  CHECK(found(one, "x") == "-");
  one.is_active = true;
  CHECK(found(one, std::string(content_bytes_max / 2 - 1, ' ') + "x") != "-");
  CHECK(found(one, std::string(content_bytes_max / 2, ' ') + "x") == "-");
}

TEST_CASE("two hundred rules with ten words each are made ready within their memory, or refused") {
  std::vector<ContentRule> rules;
  for (int i = 0; i < 200; ++i) {
    auto one = rule(ContentKind::words);
    for (int j = 0; j < 10; ++j) one.values.push_back("word" + std::to_string(i) + "x" + std::to_string(j));
    rules.push_back(one);
  }
  const auto matcher = must(ContentMatcher::make(rules));
  const auto hits = matcher->find({.is_outbound = true, .channel_kind = "email", .text = "a word7x3 b word199x9"}, {});
  REQUIRE(hits.size() == 2);
  CHECK(hits[0].rule == &matcher->rules()[7]);
  CHECK(hits[1].rule == &matcher->rules()[199]);
  std::vector<ContentRule> too_large(200,
                                     rule(ContentKind::pattern, std::vector<std::string>(5, "\\pL{3,9}\\pN{2,7}")));
  CHECK(ContentMatcher::make(too_large).error().code == "content_rules_too_large");
}
