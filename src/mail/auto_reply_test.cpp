#include "mail/auto_reply.h"

#include <doctest/doctest.h>

#include <string>

#include "mail/limits.h"
#include "mail/message.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

ParsedMessage read(std::string_view fields, std::string_view text) {
  return parse_message(std::string(fields) + "Message-ID: <x@y.example>\n\n" + std::string(text) + "\n");
}

}  // namespace

TEST_CASE("the words of an automatic answer are read up to a limit") {
  constexpr std::string_view anna = "From: anna@y.example\nSubject: Mail\n";
  constexpr std::string_view words = "This is an automated response.";
  auto after = [&](std::size_t bytes) { return std::string(bytes, 'x') + "\n" + std::string(words); };
  CHECK(read(anna, after(max_auto_reply_head - words.size() - 1)).auto_submitted);
  CHECK_FALSE(read(anna, after(max_auto_reply_head)).auto_submitted);
}

TEST_CASE("an answer that is a vacation note in its text alone is one at its beginning only") {
  constexpr std::string_view answer = "From: anna@y.example\nSubject: Re: Mail\nIn-Reply-To: <a@b.example>\n";
  constexpr std::string_view away = "I am out of the office.", back = "I will return";
  auto apart = [&](std::size_t bytes) {  // `back` ends where so many bytes end
    return std::string(away) + std::string(bytes - away.size() - back.size() - 1, '.') + " " + std::string(back);
  };
  CHECK(read(answer, apart(max_vacation_beginning)).auto_submitted);
  CHECK_FALSE(read(answer, apart(max_vacation_beginning + 1)).auto_submitted);
  CHECK_FALSE(read(answer, away).auto_submitted);
  CHECK_FALSE(read("From: anna@y.example\nSubject: Mail\n", apart(100)).auto_submitted);
}

TEST_CASE("a person's answer to an automatic one is not automatic") {
  CHECK_FALSE(read("From: anna@y.example\nSubject: Re: Automatic reply: Order\n", "Then I wait.").auto_submitted);
  CHECK(read("From: anna@y.example\nSubject: Automatic reply: Order\n", "Away.").auto_submitted);
}
