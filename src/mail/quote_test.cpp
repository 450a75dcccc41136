#include "mail/quote.h"

#include <doctest/doctest.h>

#include "mail/build.h"
#include "mail/limits.h"
#include "mail/message.h"
#include "mail/reply_text.h"
#include "mail/text_to_html.h"

namespace answerable::mail {
namespace {

QuotedMail question(std::string_view language) {
  return {.name = "Anna Berg",
          .address = "anna@example.org",
          .sent_at = *parse_rfc3339("2026-11-23T22:08:07Z"),
          .text =
              "Where is it?\n\n> an older line\nI ordered it on Monday, and it was to come on Tuesday, and now it is "
              "Friday. From here it is far.\n",
          .language = std::string(language)};
}

// As the customer gets it.
ParsedMessage send(const std::string& answer, const QuotedMail& quoted) {
  OutgoingMessage message{.message_id = *MessageIdText::make("1.t@shop.example"),
                          .date = *parse_rfc3339("2026-11-24T09:08:07Z"),
                          .from = *Mailbox::make("Shop", "help@shop.example"),
                          .to = {*Mailbox::make("Anna Berg", "anna@example.org")},
                          .subject = *HeaderText::make("Re: Order"),
                          .text = answer + "\n\n" + quote_mail(quoted)};
  message.html = text_to_html(message.text);
  return parse_message(*build_message(message));
}

std::string with_marks(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out.append("> ").append(text.substr(0, end)) += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string with_blanks(std::string text) {
  const auto empty = text.find("\n>\n");
  return empty == std::string::npos ? text : text.replace(empty, 3, "\n> \n");
}

TEST_CASE("the words of the mail answered stand behind marks, below a line that says whose they are") {
  auto mail = question("en");
  mail.text = "\nWhere is it?\n\n> an older line\nHere?\n\n";
  CHECK(quote_mail(mail) ==
        "On 23 Nov 2026, Anna Berg <anna@example.org> wrote:\n> Where is it?\n>\n>> an older line\n> Here?\n");
  mail.language = "fr";
  CHECK(quote_mail(mail).starts_with("Le 23/11/2026, Anna Berg <anna@example.org> a écrit :\n> "));
  mail.language = "xx";
  CHECK(quote_mail(mail).starts_with("On 23 Nov 2026, "));
  mail.name = "";
  CHECK(quote_mail(mail).starts_with("On 23 Nov 2026, <anna@example.org> wrote:\n"));
  mail.name = "A\r\n<b>: c@d";
  CHECK(quote_mail(mail).starts_with("On 23 Nov 2026, A b cd <anna@example.org> wrote:\n"));
  mail.text = " \n\n";
  CHECK(quote_mail(mail).empty());
}

TEST_CASE("a long mail is quoted up to a limit") {
  auto mail = question("en");
  mail.text = std::string(max_quoted_bytes - 2, 'x') + "\ny";
  CHECK(quote_mail(mail).ends_with("x\n> y\n"));
  mail.text += "y";
  CHECK(quote_mail(mail).ends_with("x\n> […]\n"));
  mail.text = std::string(max_quoted_bytes, 'x') + "\u00FC";
  CHECK(quote_mail(mail).ends_with("x\n> […]\n"));
}

TEST_CASE("in every language that we write, our reply parser finds the answer above the quote, and folds the rest") {
  const std::string answer = "It is on its way.\n\nYours, Nora";
  for (const auto language : quote_languages()) {
    CAPTURE(language);
    const auto seen = send(answer, question(language));
    CHECK(seen.reply_text == answer);
    const auto folded = split_reply(seen.text);
    CHECK(folded.visible == answer);
    // Flowed text has a blank behind the mark of an empty line.
    CHECK(folded.quoted == with_blanks(quote_mail(question(language))));
    CHECK(seen.html_safe.find("<blockquote type=\"cite\"") != std::string::npos);
  }
}

TEST_CASE("in every language, what the customer answers to that is found, above, below and in HTML") {
  for (const auto language : quote_languages()) {
    CAPTURE(language);
    const auto seen = send("It is on its way.", question(language));
    const std::string thanks = "Thank you!\nAnna";
    // Their program quotes as ours does, in the same language.
    auto ours = question(language);
    ours.name = "Shop";
    ours.text = seen.text;
    CHECK(split_reply(thanks + "\n\n" + quote_mail(ours)).visible == thanks);
    CHECK(split_reply(quote_mail(ours) + "\n" + thanks + "\n").visible == thanks);
    // One that has no introduction of its own, and one that leaves our text as it is.
    CHECK(split_reply(thanks + "\n\n" + with_marks(seen.text)).visible == thanks);
    const auto original = thanks + "\n\n-----Original Message-----\nFrom: Shop\n\n" + seen.text;
    CHECK(split_reply(original).visible == thanks);
    const auto html = "<p>Thank you!<br>Anna</p><blockquote type=\"cite\">" + seen.html_safe + "</blockquote>";
    const auto parsed = parse_message("From: a@x.org\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html);
    CHECK(parsed.reply_text == thanks);
  }
}

TEST_CASE("names of all scripts stand in the line without breaking it") {
  for (const std::string name :
       {"\u05D7\u05E0\u05D4", "\u0623\u0646\u0627", "\u5F20\u4F1F", "Jörg \"J\" Größe", "a.b, c (d)"}) {
    for (const auto language : quote_languages()) {
      CAPTURE(name);
      CAPTURE(language);
      auto mail = question(language);
      mail.name = name;
      CHECK(send("Yes.", mail).reply_text == "Yes.");
    }
  }
}

}  // namespace
}  // namespace answerable::mail
