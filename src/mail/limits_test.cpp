#include "mail/limits.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>

#include "base/encoding.h"
#include "base/utf8.h"
#include "mail/inline_files.h"
#include "mail/message.h"
#include "mail/message_ids.h"
#include "mail/sanitise.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

constexpr std::string_view start =
    "From: a@b.example\r\nMessage-ID: <x@b.example>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\n";

const std::string smime_head =
    "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n";

std::string element(char tag, const std::string& content) {  // X.690, with a length of three bytes
  auto size = content.size();
  return std::string{tag, '\x83', static_cast<char>(size >> 16U), static_cast<char>(size >> 8U),
                     static_cast<char>(size)} +
         content;
}

std::string sign(const std::string& content) {  // as far as anything of it is read
  using namespace std::string_literals;
  auto type = [](char last) { return "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07"s + last; };
  auto inner = element('\x30', type(1) + element('\xA0', element('\x04', content)));
  return element('\x30', type(2) + element('\xA0', element('\x30', "\x02\x01\x01\x31\x00"s + inner)));
}

bool has_defect(const ParsedMessage& message, std::string_view defect) {
  return std::ranges::find(message.defects, defect) != message.defects.end();
}

std::string with_headers(std::size_t count) {  // `count` fields in all
  std::string mail(start);
  for (std::size_t i = 3; i < count; ++i) mail += "X-Field: value\r\n";
  return mail + "\r\nthe body\r\n";
}

std::string with_parts(std::size_t count, std::string_view type) {
  std::string mail = std::string(start) + "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (std::size_t i = 0; i < count; ++i) mail += "--b\r\nContent-Type: " + std::string(type) + "\r\n\r\nx\r\n";
  return mail + "--b--\r\n";
}

std::string nested(std::size_t depth) {
  std::string mail(start);
  for (std::size_t i = 0; i < depth; ++i) {
    auto name = std::to_string(i);
    mail += "Content-Type: multipart/mixed; boundary=b" + name + "\r\n\r\n--b" + name + "\r\n";
  }
  return mail + "Content-Type: text/plain\r\n\r\ninnermost\r\n";
}

char byte_of(std::size_t value, unsigned shift) { return static_cast<char>(value >> shift & 0xFFU); }

// The head of a BinHex file "z" of one fork, with its sum (CRC-16 of CCITT). No byte of it may be 0x90.
std::string binhex_head(std::size_t size) {
  std::string bytes{"\x01z", 2};
  bytes += std::string(1 + 4 + 4 + 2, '\0');
  for (const auto shift : {24U, 16U, 8U, 0U}) bytes += byte_of(size, shift);
  bytes += std::string(4, '\0');
  unsigned sum = 0;
  for (const unsigned char byte : bytes) {
    sum ^= byte * 256U;
    for (int i = 0; i < 8; ++i) sum = (sum * 2U ^ (sum >= 0x8000U ? 0x1021U : 0U)) & 0xFFFFU;
  }
  return bytes + byte_of(sum, 8) + byte_of(sum, 0);
}

// A file of zeros as BinHex; the sum of the file is left out, which only makes it a damaged one.
std::string binhex_of_zeros(std::size_t size) {
  constexpr std::string_view digits = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";
  auto bytes = binhex_head(size);
  REQUIRE(bytes.find('\x90') == std::string::npos);
  for (std::size_t left = size; left > 0;) {
    const auto run = std::min<std::size_t>(left, 255);
    bytes += std::string{'\0', '\x90', static_cast<char>(run)};
    left -= run;
  }
  bytes += std::string(4, '\0');
  std::string text = "(This file must be converted with BinHex 4.0)\n\n:";
  unsigned bits = 0, held = 0;
  for (const unsigned char byte : bytes) {
    bits = bits << 8U | byte;
    for (held += 8; held >= 6;) text += digits[bits >> (held -= 6) & 63U];
    bits &= 63U;
  }
  return text + digits[bits << (6 - held) & 63U] + ":\n";
}

double seconds_for(const std::string& mail) {
  auto before = std::clock();
  auto message = parse_message(mail);
  CHECK(is_valid_utf8(message.text));
  return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("as many header fields as the limit are read, and one more is a defect that does not hide the body") {
  auto whole = parse_message(with_headers(max_headers));
  CHECK_FALSE(has_defect(whole, "header_too_large"));
  CHECK(whole.headers.size() == max_headers);
  auto cut = parse_message(with_headers(max_headers + 1));
  CHECK(has_defect(cut, "header_too_large"));
  CHECK(cut.headers.size() == max_headers);
  CHECK(cut.text == "the body\n");
}

TEST_CASE("a header block of too many bytes is cut at a field") {
  auto mail =
      std::string(start) + "X-Long: " + std::string(max_header_bytes, 'x') + "\r\nSubject: late\r\n\r\nbody\r\n";
  auto message = parse_message(mail);
  CHECK(has_defect(message, "header_too_large"));
  CHECK(message.from.address == "a@b.example");
  CHECK(message.text == "body\n");
}

TEST_CASE("the parts of a message are read up to the limit") {
  CHECK_FALSE(has_defect(parse_message(with_parts(max_parts, "text/plain")), "too_many_parts"));
  CHECK(has_defect(parse_message(with_parts(max_parts + 1, "text/plain")), "too_many_parts"));
}

TEST_CASE("attachments are read up to the limit") {
  auto full = parse_message(with_parts(max_attachments, "image/png"));
  CHECK(full.attachments.size() == max_attachments);
  CHECK_FALSE(has_defect(full, "too_many_attachments"));
  auto more = parse_message(with_parts(max_attachments + 1, "image/png"));
  CHECK(more.attachments.size() == max_attachments);
  CHECK(has_defect(more, "too_many_attachments"));
}

TEST_CASE("multiparts nest up to the limit, and what is deeper stays as an attachment") {
  auto deep = parse_message(nested(max_nesting));
  CHECK_FALSE(has_defect(deep, "nesting_too_deep"));
  CHECK(deep.text == "innermost\n");
  auto deeper = parse_message(nested(max_nesting + 1));
  CHECK(has_defect(deeper, "nesting_too_deep"));
  REQUIRE(deeper.attachments.size() == 1);
  CHECK(deeper.attachments[0].content.find("innermost") != std::string::npos);
}

TEST_CASE("a missing boundary is guessed once in a message, for each guess keeps a copy of the rest") {
  auto level = [](int n) {
    auto name = "g" + std::to_string(n);
    return "--" + name + "\r\nContent-Type: multipart/mixed; boundary=absent" + name + "\r\n\r\n";
  };
  auto nested_guesses = [&](int levels) {
    std::string mail = std::string(start) + "Content-Type: multipart/mixed; boundary=absent\r\n\r\n";
    for (int i = 0; i < levels; ++i) mail += level(i);
    return mail + "--g" + std::to_string(levels) + "\r\nContent-Type: text/plain\r\n\r\ninnermost\r\n";
  };
  auto once = parse_message(nested_guesses(0));
  CHECK(once.text.find("innermost") == 0);
  auto twice = parse_message(nested_guesses(1));
  CHECK(twice.text.find("innermost") != std::string::npos);  // nothing is lost: it is shown as it came
  CHECK(twice.text.find("--g1") != std::string::npos);
}

TEST_CASE("a body beyond the limit is cut at a character and kept whole as an attachment") {
  std::string head = std::string(start) + "Content-Type: text/plain; charset=utf-8\r\n\r\n";
  auto fits = parse_message(head + std::string(max_body_bytes, 'x'), {.language = false});
  CHECK(fits.text.size() == max_body_bytes);
  CHECK_FALSE(has_defect(fits, "body_too_large"));
  auto long_one = parse_message(head + std::string(max_body_bytes - 1, 'x') + "é", {.language = false});
  CHECK(has_defect(long_one, "body_too_large"));
  CHECK(long_one.text.size() == max_body_bytes - 1);
  REQUIRE(long_one.attachments.size() == 1);
  CHECK(long_one.attachments[0].size == max_body_bytes + 1);
}

TEST_CASE("references are trimmed to the first and the last ones") {
  std::string field;
  for (std::size_t i = 0; i <= max_references; ++i) field += "<id" + std::to_string(i) + "@x> ";
  auto ids = parse_message_ids(field);
  REQUIRE(ids.size() == max_references);
  CHECK(ids.front() == "id0@x");
  CHECK(ids.back() == "id" + std::to_string(max_references) + "@x");
}

TEST_CASE("addresses are read up to the limit") {
  std::string field;
  for (std::size_t i = 0; i <= max_addresses; ++i) field += "u" + std::to_string(i) + "@example.com, ";
  CHECK(parse_address_list(field).size() == max_addresses);
}

TEST_CASE("HTML up to the depth limit is parsed, and deeper HTML is shown as text") {
  auto divs = [](std::size_t count) {
    std::string html;
    for (std::size_t i = 0; i < count; ++i) html += "<div>";
    return html + "deep";
  };
  CHECK(HtmlDocument(divs(max_html_depth)).is_parsed());
  CHECK_FALSE(HtmlDocument(divs(max_html_depth + 1)).is_parsed());
  auto as_text = sanitise_html(" \t\x01 " + divs(max_html_depth + 1));
  CHECK(as_text.starts_with("&lt;div&gt;"));
  CHECK(sanitise_html(as_text) == as_text);
  auto message = parse_message(std::string(start) + "Content-Type: text/html\r\n\r\n" + divs(100'000));
  CHECK(has_defect(message, "html_beyond_limits"));
  CHECK(message.html_safe.starts_with("<div style=\"overflow:auto\">&lt;div&gt;"));
}

TEST_CASE("an element with too many attributes is shown as text") {
  auto element = [](std::size_t count) {
    std::string html = "<p";
    for (std::size_t i = 0; i < count; ++i) html += " a" + std::to_string(i);
    return html + ">x";
  };
  CHECK(HtmlDocument(element(max_html_attributes)).is_parsed());
  CHECK_FALSE(HtmlDocument(element(max_html_attributes + 1)).is_parsed());
}

TEST_CASE("HTML beyond the size limit is shown as text") {
  CHECK(HtmlDocument(std::string(max_html_bytes, 'x')).is_parsed());
  CHECK_FALSE(HtmlDocument(std::string(max_html_bytes + 1, 'x')).is_parsed());
}

TEST_CASE("HTML that makes the parser copy formatting without end is given up, not run out of memory") {
  std::string html;
  for (int i = 0; i < 390; ++i) html += "<font size=" + std::to_string(i) + ">";
  while (html.size() < 1'000'000) html += "<p>x</font><font size=1>";
  CHECK(is_valid_utf8(sanitise_html(html)));
}

TEST_CASE("the tree of a document takes no more memory than the limit") {
  auto is_parsed = [](std::size_t count) {
    std::string html;
    for (std::size_t i = 0; i < count; ++i) html += "<i>x</i>";
    const HtmlDocument document(html);
    CHECK(document.memory_bytes() <= max_html_memory_bytes);
    return document.is_parsed();
  };
  std::size_t fits = 1'000, too_many = max_html_bytes / 8;
  REQUIRE(is_parsed(fits));
  REQUIRE_FALSE(is_parsed(too_many));
  while (too_many - fits > 500) ((is_parsed((fits + too_many) / 2)) ? fits : too_many) = (fits + too_many) / 2;
  std::string html;
  for (std::size_t i = 0; i < fits; ++i) html += "<i>x</i>";
  CHECK(HtmlDocument(html).memory_bytes() > max_html_memory_bytes * 9 / 10);
}

TEST_CASE("a packed file is unpacked up to the limit, and a larger one stays as it came") {
  auto attached = [](std::size_t size) {
    const auto mail =
        std::string(start) + "Content-Type: application/mac-binhex40; name=z.hqx\r\n\r\n" + binhex_of_zeros(size);
    return parse_message(mail, {.attachment_content = false}).attachments.at(0);
  };
  const auto largest = attached(max_unpacked_bytes), too_large = attached(max_unpacked_bytes + 1);
  CHECK(largest.size == max_unpacked_bytes);
  CHECK(largest.filename == "z");
  CHECK(too_large.size < max_unpacked_bytes / 10);
  CHECK(too_large.filename == "z.hqx");
}

TEST_CASE("files in a text are looked for until too many of them have no end") {
  auto files_after = [](std::size_t unfinished) {
    std::string text;
    for (std::size_t i = 0; i < unfinished; ++i) text += "begin 644 x\nno uuencode\n";
    text += "begin 644 x\n#0V%T\n`\nend\n";
    std::string rest;
    return take_inline_files(text, rest).size();
  };
  CHECK(files_after(max_unfinished_inline_files - 1) == 1);
  CHECK(files_after(max_unfinished_inline_files) == 0);
}

TEST_CASE("signatures around signatures are opened down to a depth") {
  auto attachments_of = [](std::size_t layers) {
    std::string mail = "Content-Type: text/plain\r\n\r\nx";
    for (std::size_t i = 0; i < layers; ++i) mail = smime_head + to_base64(sign(mail));
    return parse_message(std::string(start) + mail);
  };
  CHECK(attachments_of(max_signed_layers).text == "x");
  CHECK(attachments_of(max_signed_layers + 1).text.empty());
  CHECK(attachments_of(max_signed_layers + 1).attachments.size() == max_signed_layers + 1);
}

TEST_CASE("hostile messages are read in bounded time") {
  CHECK(seconds_for(nested(100'000)) < 5);
  CHECK(seconds_for(with_headers(100'000)) < 2);
  CHECK(seconds_for(with_parts(100'000, "text/plain")) < 5);
  std::string rfc822(start);
  for (int i = 0; i < 100'000; ++i) rfc822 += "Content-Type: message/rfc822\r\n\r\n";
  CHECK(seconds_for(rfc822 + "x") < 5);
  std::string begun(start), indefinite(start);
  begun += "\r\n";
  while (begun.size() < 1'000'000) begun += "begin 644 x\r\n=ybegin size=1 name=x\r\n";
  CHECK(seconds_for(begun) < 2);
  std::string ber;
  while (ber.size() < 300'000) ber += "\x30\x80";
  CHECK(seconds_for(indefinite + smime_head + to_base64(ber)) < 2);
  for (auto piece : {"(", "<", "\"", "<a@b>(", "=?utf-8?q?", ",;:", "a@b "}) {
    CAPTURE(piece);
    std::string field = std::string(start) + "To: ";
    while (field.size() < 400'000) field += piece;
    CHECK(seconds_for(field + "\r\n\r\nx") < 2);
  }
}
