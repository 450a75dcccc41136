#include "mail/bounce.h"

#include <doctest/doctest.h>

#include <string>

#include "mail/limits.h"
#include "mail/message.h"
#include "mail/word_list.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

ParsedMessage read(std::string_view fields, std::string_view text) {
  return parse_message(std::string(fields) + "Message-ID: <x@y.example>\n\n" + std::string(text) + "\n");
}

constexpr std::string_view by_server = "From: postmaster@y.example\nReturn-Path: <>\nSubject: Mail\n";
constexpr std::string_view form = "Delivery to the following recipients failed: lost@y.example";

}  // namespace

TEST_CASE("the sender, the return path or the words of a report alone make no bounce") {
  CHECK(read(by_server, form).bounce);
  CHECK_FALSE(read(by_server, "Hello").bounce);
  CHECK_FALSE(read("From: anna@y.example\nSubject: Mail\n", form).bounce);
  CHECK_FALSE(read("From: anna@y.example\nSubject: Undelivered Mail Returned to Sender\n", "Hello").bounce);
}

TEST_CASE("a domain that sounds like a server makes no bounce of a person's mail") {
  CHECK_FALSE(read("From: Anna <anna@mailer-daemon.example>\nSubject: Error\n", "It does not exist.").bounce);
}

TEST_CASE("what is quoted in a text is not read as a report") {
  CHECK_FALSE(read(by_server, "> " + std::string(form)).bounce);
}

TEST_CASE("the words of a report are read up to a limit") {
  auto before = [](std::size_t bytes) { return std::string(bytes, 'x') + "\n"; };
  CHECK(read(by_server, before(max_bounce_head - form.size() - 1) + std::string(form)).bounce);
  CHECK_FALSE(read(by_server, before(max_bounce_head) + std::string(form)).bounce);
}

TEST_CASE("a report of an unknown sender begins with the words of one") {
  constexpr std::string_view unknown = "From: gate@y.example\nSubject: Delivery failure notification\n";
  constexpr std::string_view end = " could not be delivered to the following recipients: lost@y.example";
  auto mail = [&](std::size_t bytes) { return std::string(bytes, 'x') + std::string(end) + "\nmailbox"; };
  CHECK(read(unknown, mail(10)).bounce);
  CHECK_FALSE(read(unknown, mail(max_report_beginning)).bounce);
}

TEST_CASE("words between bars are found one by one") {
  CHECK(has_word("a bee flies", "ant|bee"));
  CHECK_FALSE(has_word("a wasp flies", "ant|bee"));
  CHECK(starts_with_word("bee flies", "ant|bee"));
  CHECK_FALSE(starts_with_word("a bee flies", "ant|bee"));
  CHECK_FALSE(has_word("anything", ""));
}
