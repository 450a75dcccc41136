#include "mail/sender_authentication.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "lib/sign_mail.h"
#include "mail/authentication_results.h"
#include "mail/dkim.h"
#include "mail/limits.h"

namespace answerable::mail {
namespace {

using testing::sign_mail;
using testing::Signing;
using testing::SigningKey;
using Verdict = SenderAuthentication::Verdict;

// The DNS of these tests; a name that is not in it does not exist.
using Zone = std::map<std::string, DnsText>;

FindText find_in(const Zone& zone) {
  return [zone](const std::string& name) {
    const auto found = zone.find(name);
    return found == zone.end() ? DnsText{DnsText::Outcome::absent, {}} : found->second;
  };
}

DnsText text(std::string record) { return {DnsText::Outcome::found, {std::move(record)}}; }

Zone zone_of(const std::string& domain) { return {{"s1._domainkey." + domain, text(SigningKey::shared().record())}}; }

std::string letter(const std::string& from = "Sami <sami@shop.example>", const std::string& body = "Where is it?\r\n") {
  return "From: " + from + "\r\nTo: help@desk.example\r\nSubject: Refund\r\nMessage-ID: <1@shop.example>\r\n\r\n" +
         body;
}

SenderAuthentication check(const std::string& raw, const Zone& zone, const TrustedServers& trusted = {},
                           const std::string& author = "sami@shop.example") {
  return authenticate_sender(raw, author, trusted, find_in(zone));
}

bool has_evidence(const SenderAuthentication& found, std::string_view words) {
  return std::ranges::any_of(found.evidence, [&](const auto& line) { return line.find(words) != std::string::npos; });
}

TEST_CASE("a signature of the author's domain proves the author, that of another domain does not") {
  const auto good = check(sign_mail(letter(), {.domain = "shop.example"}), zone_of("shop.example"));
  CHECK(good.verdict == Verdict::pass);
  CHECK(has_evidence(good, "dkim=pass header.d=shop.example header.s=s1"));
  const auto other = check(sign_mail(letter(), {.domain = "evil.example"}), zone_of("evil.example"));
  CHECK(other.verdict == Verdict::none);
  CHECK(has_evidence(other, "(not the author's domain)"));
  CHECK(check(letter(), zone_of("shop.example")).verdict == Verdict::none);
}

TEST_CASE("a signature by Ed25519 is one like any other") {
  const auto key = SigningKey::ed25519();
  const auto raw = sign_mail(letter(), {.domain = "shop.example"}, key);
  CHECK(check(raw, {{"s1._domainkey.shop.example", text(key.record())}}).verdict == Verdict::pass);
  auto changed = raw;
  changed.replace(changed.find("Where"), 5, "There");
  CHECK(check(changed, {{"s1._domainkey.shop.example", text(key.record())}}).verdict == Verdict::none);
}

TEST_CASE("a signature of the same organisation proves the author unless its domain wants exactly itself") {
  const auto raw = sign_mail(letter(), {.domain = "mail.shop.example"});
  auto zone = zone_of("mail.shop.example");
  CHECK(check(raw, zone).verdict == Verdict::pass);
  zone["_dmarc.shop.example"] = text("v=DMARC1; p=reject; adkim=s");
  CHECK(check(raw, zone).verdict == Verdict::fail);
  // Two customers of one public suffix are strangers.
  const auto neighbour = sign_mail(letter("Eve <eve@a.co.uk>"), {.domain = "b.co.uk"});
  CHECK(check(neighbour, zone_of("b.co.uk"), {}, "eve@a.co.uk").verdict == Verdict::none);
}

TEST_CASE("a changed body, subject or thread breaks the signature") {
  const auto raw = sign_mail(letter(), {.domain = "shop.example"});
  for (const auto& [from, to] : {std::pair("Where is it?", "Where is he?"), std::pair("Refund", "Refuse")}) {
    auto changed = raw;
    changed.replace(changed.find(from), std::string_view(from).size(), to);
    const auto found = check(changed, zone_of("shop.example"));
    CHECK(found.verdict == Verdict::none);
    CHECK(has_evidence(found, "dkim=fail"));
  }
}

TEST_CASE("bare line feeds are read as the line ends that were signed") {
  auto raw = sign_mail(letter(), {.domain = "shop.example"});
  std::erase(raw, '\r');
  CHECK(check(raw, zone_of("shop.example")).verdict == Verdict::pass);
}

TEST_CASE("a second author, a hidden one, or one that is not shown proves nobody") {
  const auto zone = zone_of("shop.example");
  const auto raw = sign_mail(letter(), {.domain = "shop.example"});
  CHECK(check("From: Eve <eve@evil.example>\r\n" + raw, zone).verdict == Verdict::none);
  CHECK(has_evidence(check("From: Eve <eve@evil.example>\r\n" + raw, zone), "from=ambiguous"));
  CHECK(check("\r\n" + raw, zone).verdict == Verdict::none);
  CHECK(check(raw, zone, {}, "eve@evil.example").verdict == Verdict::none);
  const auto two = sign_mail(letter("sami@shop.example, eve@evil.example"), {.domain = "shop.example"});
  CHECK(check(two, zone).verdict == Verdict::none);
}

// Replayed: the copy above is not signed, and readers differ in which of two they take.
TEST_CASE("a second subject, thread or kind of content over a signed one proves nobody") {
  const auto zone = zone_of("shop.example");
  const auto raw = sign_mail(letter(), {.domain = "shop.example"});
  CHECK(check("Content-Type: text/plain\r\n" + raw, zone).verdict == Verdict::pass);  // one each
  for (const auto* name : {"Subject", "Message-ID", "message-id "})
    CHECK(check(std::string(name) + ": <2@evil.example>\r\n" + raw, zone).verdict == Verdict::none);
  for (const auto* name : {"In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding", "Reply-To"}) {
    const auto field = std::string(name) + ": <2@evil.example>\r\n";
    const auto signed_with = sign_mail(field + letter(), {.domain = "shop.example"});
    CHECK(check(signed_with, zone).verdict == Verdict::pass);
    const auto found = check(field + signed_with, zone);
    CHECK(found.verdict == Verdict::none);
    CHECK(has_evidence(found, "fields=ambiguous"));
  }
}

TEST_CASE("a signature that covers a part of the body, uses SHA-1, a short key or one that is tested proves nothing") {
  const auto zone = zone_of("shop.example");
  const Signing part{.domain = "shop.example", .further = "l=5; ", .signed_bytes = 5};
  CHECK(has_evidence(check(sign_mail(letter(), part), zone), "dkim=policy"));
  CHECK(check(sign_mail(letter(), part), zone).verdict == Verdict::none);
  const Signing whole{.domain = "shop.example", .further = "l=14; ", .signed_bytes = 14};
  CHECK(check(sign_mail(letter(), whole), zone).verdict == Verdict::pass);
  CHECK(check(sign_mail(letter(), whole) + "And this.\r\n", zone).verdict == Verdict::none);
  CHECK(check(sign_mail(letter(), {.domain = "shop.example", .is_sha1 = true}), zone).verdict == Verdict::none);
  const SigningKey small(768);
  CHECK(check(sign_mail(letter(), {.domain = "shop.example"}, small),
              {{"s1._domainkey.shop.example", text(small.record())}})
            .verdict == Verdict::none);
  CHECK(check(sign_mail(letter(), {.domain = "shop.example"}),
              {{"s1._domainkey.shop.example", text(SigningKey::shared().record("t=y; "))}})
            .verdict == Verdict::none);
}

TEST_CASE("a DNS that does not answer is no proof and no disproof") {
  const auto raw = sign_mail(letter(), {.domain = "shop.example"});
  const auto found = check(raw, {{"s1._domainkey.shop.example", {}}});
  CHECK(found.verdict == Verdict::temporary);
  CHECK(has_evidence(found, "dkim=temperror"));
  auto zone = zone_of("shop.example");
  zone["_dmarc.shop.example"] = {};
  CHECK(check(raw, zone).verdict == Verdict::pass);
  CHECK(check(letter(), zone).verdict == Verdict::temporary);
}

TEST_CASE("mail that its domain disowns fails, and a domain that only watches disowns nothing") {
  CHECK(check(letter(), {{"_dmarc.shop.example", text("v=DMARC1; p=reject")}}).verdict == Verdict::fail);
  CHECK(check(letter(), {{"_dmarc.shop.example", text("v=DMARC1; p=none")}}).verdict == Verdict::none);
  CHECK(check(letter(), {{"_dmarc.shop.example", text("p=reject; v=DMARC1")}}).verdict == Verdict::none);
  const Zone above{{"_dmarc.shop.example", text("v=DMARC1; p=none; sp=quarantine")}};
  CHECK(check(letter("sami@x.shop.example"), above, {}, "sami@x.shop.example").verdict == Verdict::fail);
  const Zone two{{"_dmarc.shop.example", {DnsText::Outcome::found, {"v=DMARC1; p=reject", "v=DMARC1; p=reject"}}}};
  CHECK(check(letter(), two).verdict == Verdict::none);
}

TEST_CASE("signatures up to the limit are looked at, and not one more") {
  const auto zone = zone_of("shop.example");
  auto raw = sign_mail(letter(), {.domain = "shop.example"});
  std::size_t asked = 0;
  const FindText counting = [&](const std::string& name) {
    ++asked;
    return find_in(zone)(name);
  };
  for (std::size_t i = 1; i < max_dkim_signatures; ++i) raw = sign_mail(raw, {.domain = "evil.example"});
  CHECK(authenticate_sender(raw, "sami@shop.example", {}, find_in(zone)).verdict == Verdict::pass);
  raw = sign_mail(raw, {.domain = "evil.example"});
  CHECK(authenticate_sender(raw, "sami@shop.example", {}, counting).verdict == Verdict::none);
  CHECK(asked <= max_dkim_signatures + 1);  // and the policy
}

const TrustedServers mx{.authserv_id = "mx.desk.example"};
constexpr const char* received = "Received: from x.shop.example by mx.desk.example with ESMTP; Tue, 24 Nov 2026\r\n";

TEST_CASE("results of the trusted server count, those of another and those that came with the mail do not") {
  const std::string good = "Authentication-Results: mx.desk.example; dkim=pass header.d=shop.example\r\n";
  CHECK(check(good + received + letter(), {}, mx).verdict == Verdict::pass);
  CHECK(check(received + good + letter(), {}, mx).verdict == Verdict::pass);
  CHECK(check(good + received + letter(), {}).verdict == Verdict::none);  // nobody is trusted
  const std::string other = "Authentication-Results: mx.evil.example; dkim=pass header.d=shop.example\r\n";
  CHECK(check(other + received + letter(), {}, mx).verdict == Verdict::none);
  // The true one says nothing, the forged one came with the mail.
  const std::string empty = "Authentication-Results: mx.desk.example; none\r\n";
  CHECK(check(empty + received + good + letter(), {}, mx).verdict == Verdict::none);
  CHECK(check(received + empty + good + letter(), {}, mx).verdict == Verdict::none);
  const std::string foreign = "Received: from a by relay.evil.example; Tue, 24 Nov 2026\r\n";
  CHECK(check(received + foreign + good + letter(), {}, mx).verdict == Verdict::none);
  CHECK(check(foreign + good + letter(), {}, mx).verdict == Verdict::none);
}

TEST_CASE("results are looked for in so many fields from the top, and not in one more") {
  const std::string good = "Authentication-Results: mx.desk.example; dkim=pass header.d=shop.example\r\n";
  auto below = [&](std::size_t others) {
    std::string top;
    for (std::size_t i = 0; i < others; ++i) top += "Authentication-Results: mx.other.example; none\r\n";
    return check(top + good + received + letter(), {}, mx).verdict;
  };
  CHECK(below(max_authentication_results - 1) == Verdict::pass);
  CHECK(below(max_authentication_results) == Verdict::none);
}

TEST_CASE("a trusted result must be about the author's domain") {
  const auto with = [](const std::string& results) {
    return check("Authentication-Results: mx.desk.example; " + results + "\r\n" + received + letter(), {}, mx).verdict;
  };
  CHECK(with("spf=pass smtp.mailfrom=bounce@mail.shop.example") == Verdict::pass);
  CHECK(with("spf=pass smtp.mailfrom=evil.example") == Verdict::none);
  CHECK(with("spf=pass smtp.helo=shop.example") == Verdict::none);
  CHECK(with("dkim=pass header.i=@shop.example") == Verdict::pass);
  CHECK(with("dkim=pass header.d=evil.example header.i=@shop.example") == Verdict::none);
  CHECK(with("dmarc=pass (p=reject) header.from=shop.example") == Verdict::pass);
  CHECK(with("dmarc=pass header.from=mail.shop.example") == Verdict::none);
  CHECK(with("dmarc=fail header.from=shop.example") == Verdict::fail);
  CHECK(with("dkim=fail reason=\"x; dkim=pass header.d=shop.example\" header.d=a.example") == Verdict::none);
  CHECK(with("dkim=fail (dkim=pass header.d=shop.example) header.d=a.example") == Verdict::none);
  CHECK(with("dkim=temperror header.d=shop.example") == Verdict::temporary);
}

// CVE-2020-12272 of OpenDMARC: domains and senders that a stranger may have, written so that their beginning is
// another's.
TEST_CASE("a trusted result whose value begins with the author's domain but goes on proves nobody") {
  for (const auto* results :
       {"dkim=pass header.d=shop.example(.evil.example", "dkim=pass header.i=@shop.example(.evil.example",
        "dkim=pass header.d=\"shop.example\".evil.example", "spf=pass smtp.mailfrom=a@shop.example(.evil.example",
        "spf=pass smtp.mailfrom=\"a@shop.example\"@evil.example", "dmarc=pass header.from=shop.example(.evil.example",
        "spf=pass smtp.mailfrom=\"a; dmarc=pass header.from=shop.example\"@evil.example"}) {
    CAPTURE(std::string(results));
    const auto fields = "Authentication-Results: mx.desk.example; " + std::string(results) + "\r\n" + received;
    CHECK(check(fields + letter(), {}, mx).verdict == Verdict::none);
  }
  const auto quoted = check("Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=\"a b\"@shop.example\r\n" +
                                std::string(received) + letter(),
                            {}, mx);
  CHECK(quoted.verdict == Verdict::pass);
}

TEST_CASE("an ARC set counts of a trusted sealer, when the trusted server found the chain good") {
  const TrustedServers lists{.authserv_id = "mx.desk.example", .arc_sealers = {"lists.example"}};
  const std::string set =
      "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=lists.example; s=a; b=AA==\r\n"
      "ARC-Authentication-Results: i=1; lists.example; dkim=pass header.d=shop.example\r\n";
  const std::string good = std::string("Authentication-Results: mx.desk.example; arc=pass\r\n") + received;
  CHECK(check(good + set + letter(), {}, lists).verdict == Verdict::pass);
  CHECK(check(good + set + letter(), {}, mx).verdict == Verdict::none);
  const std::string bad = std::string("Authentication-Results: mx.desk.example; arc=fail\r\n") + received;
  CHECK(check(bad + set + letter(), {}, lists).verdict == Verdict::none);
}

TEST_CASE("results are read with comments, versions, quoted strings and folding") {
  const auto read = parse_authentication_results(
      " mx.desk.example 1; (a \\) comment) dkim/1=pass (good)\r\n reason=\"a; b\" header.d=\"shop.example\";\r\n"
      " spf=FAIL smtp.mailfrom=a@b.example; nonsense; dmarc=none");
  CHECK(read.authserv_id == "mx.desk.example");
  REQUIRE(read.results.size() == 3);
  CHECK(read.results[0].property("header.d") == "shop.example");
  CHECK(read.results[0].property("reason") == "a; b");
  CHECK(read.results[1].result == "fail");
  CHECK(read.results[2].method == "dmarc");
  CHECK(parse_authentication_results("mx.desk.example; none").results.empty());
  std::string many = "mx.desk.example";
  for (std::size_t i = 0; i <= max_results_of_field; ++i) many += "; dkim=pass";
  CHECK(parse_authentication_results(many).results.size() == max_results_of_field);
  CHECK(parse_authentication_results(std::string(max_results_bytes + 1, 'a')).authserv_id.empty());
}

TEST_CASE("evidence is of bounded length and without control characters") {
  std::string results = "Authentication-Results: mx.desk.example";
  for (std::size_t i = 0; i < max_evidence_lines + 5; ++i)
    results += "; spf=pass smtp.mailfrom=" + std::string(500, 'a') + "\x01\xc3\xa9";
  const auto found = check(results + "\r\n" + received + letter(), {}, mx);
  CHECK(found.evidence.size() == max_evidence_lines);
  for (const auto& line : found.evidence) {
    CHECK(line.size() <= max_evidence_bytes);
    CHECK(std::ranges::all_of(line, [](char c) { return c >= 0x20 && c < 0x7f; }));
  }
}

}  // namespace
}  // namespace answerable::mail
