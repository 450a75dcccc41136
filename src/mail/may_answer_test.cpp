#include "mail/may_answer.h"

#include <doctest/doctest.h>

#include "mail/address.h"

using namespace answerable::mail;

namespace {

using Verdict = SenderAuthentication::Verdict;

struct Letter {
  std::string from = "sami@example.org", to = "help@shop.example", extra;
  std::string return_path = "sami@example.org";
  Verdict verdict = Verdict::pass;
};

std::string silence_of(const Letter& letter) {
  const auto message = parse_message(letter.extra + "From: Sami <" + letter.from + ">\r\nTo: " + letter.to +
                                     "\r\nSubject: Lamp\r\nMessage-ID: <1@example.org>\r\n\r\nWhere is my lamp?\r\n");
  const auto is_help = [](std::string_view address) { return address_key(address) == "help@shop.example"; };
  const auto is_own = [](std::string_view address) { return domain_part(address) == "shop.example"; };
  return std::string(to_string(why_silent({message, letter.return_path, letter.verdict, is_help, is_own})));
}

}  // namespace

TEST_CASE("a person whose domain is proven may be answered, on every address of that organisation") {
  CHECK(silence_of({}) == "none");
  CHECK(silence_of({.to = "Help <HELP@shop.example>"}) == "none");
  CHECK(silence_of({.to = "boss@example.org", .extra = "Cc: help@shop.example\r\n"}) == "none");
  CHECK(silence_of({.return_path = "sami.k@mail.example.org"}) == "none");
  CHECK(silence_of({.extra = "Auto-Submitted: no\r\nPrecedence: first-class\r\n"}) == "none");
  CHECK(silence_of({.extra = "X-Auto-Response-Suppress: DR, RN, NRN\r\n"}) == "none");
}

TEST_CASE("what a program wrote, or what asks for no automatic answer, gets none") {
  for (const std::string extra :
       {"Auto-Submitted: auto-replied\r\n", "Auto-Submitted: auto-generated (rejected)\r\n",
        "Auto-Submitted: something-new\r\n", "Precedence: bulk\r\n", "Precedence: list\r\n", "Precedence: junk\r\n",
        "X-Auto-Response-Suppress: All\r\n", "X-Auto-Response-Suppress: OOF, AutoReply\r\n", "Return-Path: <>\r\n",
        "X-Autoreply: yes\r\n", "List-Id: <lamps.example>\r\n", "List-Unsubscribe: <mailto:leave@list.example>\r\n"}) {
    CAPTURE(extra);
    CHECK(silence_of({.extra = extra}) == "automatic");
  }
}

TEST_CASE("lists and campaigns get none") {
  for (const std::string name : {"List-Help", "List-Owner", "Mailing-List", "X-BeenThere", "Feedback-ID"}) {
    CAPTURE(name);
    CHECK(silence_of({.extra = name + ": <https://list.example/>\r\n"}) == "list");
  }
}

TEST_CASE("nobody is told who is not there: the null reverse-path, and what is no address") {
  for (const std::string path : {"", "sami", "sami@", "sa mi@example.org", "a@b@example.org"}) {
    CAPTURE(path);
    CHECK(silence_of({.return_path = path}) == "no_return_path");
  }
}

TEST_CASE("addresses that nobody reads, in the envelope or as the author") {
  for (const std::string local : {"no-reply", "NoReply", "do_not_reply", "donotreply", "no.reply", "mailer-daemon",
                                  "MAILER-DAEMON", "postmaster", "bounces+sami=example.org", "bounce-123",
                                  "owner-lamps", "lamps-request", "lamps-owner", "shop-noreply", "noreply+7"}) {
    CAPTURE(local);
    CHECK(is_robot_address(local + "@example.org"));
    CHECK(silence_of({.return_path = local + "@example.org"}) == "robot_address");
    CHECK(silence_of({.from = local + "@example.org"}) == "robot_address");
  }
  for (const std::string local : {"sami", "noreen", "bouncer", "owner", "request", "norbert.reply", "prvs=12ab=sami"}) {
    CAPTURE(local);
    CHECK_FALSE(is_robot_address(local + "@example.org"));
  }
}

TEST_CASE("our own addresses, and mail that is not addressed to us by name") {
  CHECK(silence_of({.return_path = "sales@shop.example"}) == "own_address");
  CHECK(silence_of({.from = "sales@shop.example"}) == "own_address");
  CHECK(silence_of({.to = "undisclosed-recipients:;"}) == "not_addressed");
  CHECK(silence_of({.to = "friends@example.org"}) == "not_addressed");
}

TEST_CASE("an author who is not proven gets none, and a proven one cannot send it to somebody else") {
  for (auto verdict : {Verdict::none, Verdict::fail, Verdict::temporary})
    CHECK(silence_of({.verdict = verdict}) == "unproven");
  CHECK(silence_of({.return_path = "victim@example.net"}) == "elsewhere");
  CHECK(silence_of({.return_path = "SRS0=a=b=example.org=sami@forwarder.example"}) == "elsewhere");
  // Two companies below one public suffix are not one organisation.
  CHECK(silence_of({.from = "sami@one.co.uk", .return_path = "victim@two.co.uk"}) == "elsewhere");
}
