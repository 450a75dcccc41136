#include "mail/build.h"

#include <doctest/doctest.h>

#include "mail/domain_name.h"
#include "mail/limits.h"
#include "mail/message.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

OutgoingMessage sample() {
  return OutgoingMessage{
      .message_id = *MessageIdText::make("0193.tok@shop.example"),
      .date = *parse_rfc3339("2026-11-24T09:08:07Z"),
      .from = *Mailbox::make("Jörg, Shop", "help@shop.example"),
      .to = {*Mailbox::make("Anna \"A\" Berg", "anna@Example.org")},
      .subject = *HeaderText::make("Re: Größe – 你好 und noch mehr Wörter, damit die Zeile gefaltet werden muss"),
      .text = "Hallo Anna,\n\nGrüße\n.\nFrom here\n"};
}

void check_wire_form(const std::string& raw) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    CHECK(static_cast<unsigned char>(raw[i]) < 0x80);
    if (raw[i] == '\n') {
      REQUIRE(i > 0);
      CHECK(raw[i - 1] == '\r');
      CHECK(line <= max_line_bytes);
      line = 0;
    } else {
      if (raw[i] == '\r') CHECK(raw[i + 1] == '\n');
      ++line;
    }
  }
}

}  // namespace

TEST_CASE("what is built is read back as it was meant") {
  auto message = sample();
  message.in_reply_to = *MessageIdText::make("q2@example.org");
  message.references = {*MessageIdText::make("q1@example.org")};
  message.cc = {*Mailbox::make("", "bob@example.net")};
  message.reply_to = {*Mailbox::make("Shop", "help+k@shop.example")};
  message.html = "<p>Hallo <b>Anna</b> <img src=\"cid:logo@x\"></p>";
  message.attachments.push_back(
      {*HeaderText::make("logo.png"), *ContentType::make("image/png"), "\x89PNG", *MessageIdText::make("logo@x")});
  message.attachments.push_back({*HeaderText::make("Übersicht der Bestellungen und Rechnungen im November 2026 €.pdf"),
                                 *ContentType::make("application/pdf"), std::string(1000, '\0'), std::nullopt});
  auto raw = build_message(message);
  REQUIRE(raw);
  check_wire_form(*raw);
  auto read = parse_message(*raw);
  CHECK(read.defects.empty());
  CHECK(read.message_id == "0193.tok@shop.example");
  CHECK(read.in_reply_to == "q2@example.org");
  CHECK(read.references == std::vector<std::string>{"q1@example.org", "q2@example.org"});
  CHECK(read.from == Address{"Jörg, Shop", "help@shop.example"});
  CHECK(read.to == std::vector<Address>{{"Anna \"A\" Berg", "anna@example.org"}});
  CHECK(read.cc == std::vector<Address>{{"", "bob@example.net"}});
  CHECK(read.subject == message.subject.text());
  CHECK(to_rfc3339(*read.date, true) == "2026-11-24T09:08:07Z");
  CHECK(read.text == message.text);
  CHECK(read.html == message.html + "\n");
  REQUIRE(read.attachments.size() == 2);
  CHECK(read.attachments[0].content_id == "logo@x");
  CHECK(read.attachments[0].content == "\x89PNG");
  CHECK(read.attachments[1].filename == message.attachments[1].filename.text());
  CHECK(read.attachments[1].content == std::string(1000, '\0'));
  CHECK_FALSE(read.auto_submitted);
}

TEST_CASE("the same message gives the same bytes, and another one other boundaries") {
  auto message = sample();
  message.html = "<p>x</p>";
  CHECK(*build_message(message) == *build_message(message));
  auto other = message;
  other.message_id = *MessageIdText::make("0194.tok@shop.example");
  CHECK(build_message(message)->find("boundary=") == build_message(other)->find("boundary="));
  CHECK(*build_message(message) != *build_message(other));
}

TEST_CASE("no line end gets into a header by any of its values") {
  using namespace std::string_literals;
  for (const auto& bad : {"a\r\nBcc: x@y.example"s, "a\nb"s, "a\rb"s, "a\0b"s, "a\x7F"s,
                          "a\xC2\x85"
                          "b"s,
                          "a\xE2\x80\xA8"
                          "b"s,
                          "\xFF"s}) {
    CAPTURE(bad);
    CHECK_FALSE(HeaderText::make(bad));
    CHECK_FALSE(Mailbox::make(bad, "a@b.example"));
    CHECK(HeaderText::make(HeaderText::clean(bad).text()));
  }
  for (auto bad : {"a@b.example\r\nX: y", "a@b.example, c@d.example", "a b@c.example", "<a@b.example>", "a@b@c.example",
                   "@b.example", "a@", "a@-b.example", "a@b..example", "a@\u2028.example", "ü\r\n@b.example"})
    CHECK_FALSE(Mailbox::make("x", bad));
  for (auto bad : {"a", "@b", "a@", "a b@c", "a@b>", "a@b\r\nX: y"}) CHECK_FALSE(MessageIdText::make(bad));
  for (auto bad : {"image", "image/", "/png", "image/png; x=y", "image/p\r\nng"}) CHECK_FALSE(ContentType::make(bad));
  CHECK(ContentType::clean("multipart/mixed").text() == "application/octet-stream");
}

TEST_CASE("header text is taken up to its limit") {
  CHECK(HeaderText::make(std::string(max_built_header_bytes, 'x')));
  CHECK(HeaderText::make(std::string(max_built_header_bytes + 1, 'x')).error().code == "header_too_long");
  auto message = sample();
  message.subject = *HeaderText::make(std::string(max_built_header_bytes, 'x'));
  check_wire_form(*build_message(message));
  CHECK(parse_message(*build_message(message)).subject == message.subject.text());
}

TEST_CASE("recipients are required, limited, and each is named once on the envelope") {
  auto message = sample();
  message.to.clear();
  CHECK(build_message(message).error().code == "no_recipient");
  for (std::size_t i = 0; i < max_built_recipients; ++i)
    message.to.push_back(*Mailbox::make("", "u" + std::to_string(i) + "@example.com"));
  CHECK(build_message(message));
  message.cc.push_back(*Mailbox::make("", "U1@example.com"));
  CHECK(build_message(message).error().code == "too_many_recipients");
  CHECK(envelope_recipients(message).size() == max_built_recipients);
}

TEST_CASE("references keep the first and the last ones") {
  auto message = sample();
  for (std::size_t i = 0; i < max_built_references + 5; ++i)
    message.references.push_back(*MessageIdText::make("id" + std::to_string(i) + "@x"));
  auto read = parse_message(*build_message(message));
  REQUIRE(read.references.size() == max_built_references);
  CHECK(read.references.front() == "id0@x");
  CHECK(read.references.back() == "id" + std::to_string(max_built_references + 4) + "@x");
}

TEST_CASE("an automatic answer says so, and what answers nothing that it was made by a program") {
  auto message = sample();
  message.auto_submitted = true;
  message.in_reply_to = *MessageIdText::make("one@example.com");
  CHECK(build_message(message)->contains("Auto-Submitted: auto-replied\r\n"));
  CHECK(parse_message(*build_message(message)).auto_submitted);
  message.in_reply_to.reset();
  CHECK(build_message(message)->contains("Auto-Submitted: auto-generated\r\n"));
  CHECK(parse_message(*build_message(message)).auto_submitted);
}

TEST_CASE("text of another script is sent in base64, where that is shorter, and ASCII as it is") {
  auto message = sample();
  const auto sent_as = [&](const std::string& text) {
    message.text = text;
    const auto raw = *build_message(message);
    check_wire_form(raw);
    CHECK(parse_message(raw).text == text);
    const auto field = raw.find("Content-Transfer-Encoding: ") + 27;
    return raw.substr(field, raw.find("\r\n", field) - field);
  };
  CHECK(sent_as("Hello\n") == "7bit");
  CHECK(sent_as("Größe, and much more of plain text\n") == "quoted-printable");
  CHECK(sent_as("Где моя посылка?\nСпасибо\n") == "base64");
  CHECK(sent_as("我的包裹在哪里？\n") == "base64");
}

TEST_CASE("an international domain goes out in its ASCII form, an international local part as it is") {
  auto message = sample();
  message.to = {*Mailbox::make("Zoë", "zoe@Bücher.example")};
  check_wire_form(*build_message(message));
  CHECK(build_message(message)->find("<zoe@xn--bcher-kva.example>") != std::string::npos);
  message.to = {*Mailbox::make("Zoë", "zoë@bücher.example")};
  CHECK(build_message(message)->find("<zoë@xn--bcher-kva.example>") != std::string::npos);
  CHECK(*wire_address("a@faß.example") == "a@xn--fa-hia.example");
  CHECK(*wire_address("a@B.Example") == "a@b.example");
  CHECK(*wire_address("a@\u043F\u043E\u0447\u0442\u0430.example") == "a@xn--80a1acny.example");
  CHECK(wire_address("a@\u2028.example").error().code == "invalid_domain");
  CHECK_FALSE(ascii_domain(std::string(max_domain_bytes, 'x') + "\u00FC"));
}

TEST_CASE("an address has two spellings where its domain has") {
  CHECK(other_spelling("a@bücher.example") == "a@xn--bcher-kva.example");
  CHECK(other_spelling("A@XN--bcher-kva.example") == "A@bücher.example");
  CHECK(other_spelling("a@b.example").empty());
  CHECK(other_spelling("a@xn--.example").empty());
  CHECK(other_spelling("a@b.xn--\xff").empty());
  CHECK(other_spelling("nobody").empty());
}

TEST_CASE("long lines of text flow, and are read as they were written") {
  const std::string words = "word and word and word and ";
  auto message = sample();
  message.text = words + words + words + "end\n> " + words + words + words + "end\n";
  const auto raw = *build_message(message);
  CHECK(raw.find("format=flowed") != std::string::npos);
  CHECK(raw.find("\r\n> ") != raw.rfind("\r\n> "));
  CHECK(parse_message(raw).text == message.text);
}

TEST_CASE("long lines, lone dots and boundary look-alikes are encoded away") {
  auto message = sample();
  message.text =
      std::string(5000, 'x') + "\n.\nFrom me\n--=_boundary\ntrailing \n\ttab\t\n" + "\r\nend without line end";
  auto raw = *build_message(message);
  check_wire_form(raw);
  CHECK(raw.find("\r\n.\r\n") == std::string::npos);
  CHECK(raw.find("\r\nFrom me") == std::string::npos);
  auto expected = std::string(5000, 'x') + "\n.\nFrom me\n--=_boundary\ntrailing\n\ttab\t\n\nend without line end\n";
  CHECK(parse_message(raw).text == expected);
}
