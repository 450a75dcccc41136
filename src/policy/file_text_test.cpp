#include "policy/file_text.h"

#include <doctest/doctest.h>

#include "policy/content_matcher.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

std::string utf16(std::string_view ascii) {
  std::string out = "\xFF\xFE";
  for (const char c : ascii) {
    out += c;
    out += '\0';
  }
  return out;
}

bool is_hit(const Content& content, ContentKind kind, std::vector<std::string> values) {
  const auto matcher = ContentMatcher::make({{.name = "x", .kind = kind, .values = std::move(values)}}).value();
  return !matcher->find(content, {}).empty();
}

}  // namespace

TEST_CASE("what is text is read, whatever it calls itself, and what is none is not") {
  CHECK(text_of_file("text/csv", "a;b") == "a;b");
  CHECK(text_of_file("application/octet-stream", "the lottery") == "the lottery");
  CHECK(text_of_file("TEXT/Plain", "\xEF\xBB\xBFthe lottery") == "the lottery");
  CHECK(text_of_file("application/octet-stream", utf16("the lottery")) == "the lottery");
  CHECK(text_of_file("text/plain", std::string_view("l\0ottery", 8)) == "lottery");
  CHECK(text_of_file("application/pdf", std::string_view("%PDF\0\x01", 6)).empty());
  CHECK(text_of_file("image/png", "the lottery").empty());
  CHECK_FALSE(text_of_file("image/svg+xml", "<svg>the lottery</svg>").empty());
  CHECK(text_of_file("x/y", std::string_view("\xFE\xFF\xD8\x3D\xDE\x00", 6)) == "\xF0\x9F\x98\x80");
  CHECK(text_of_file("application/octet-stream", "\xFF\xFE\x3D") == "");
}

TEST_CASE("of HTML the words are read, and its source, where the links are") {
  const auto text = text_of_file("application/octet-stream",
                                 "<!DOCTYPE html><p>the lot<b>tery</b> <a href=\"https://evil.example/x\">here</a>");
  CHECK(text.contains("the lottery"));
  CHECK(text.contains("https://evil.example/x"));
}

TEST_CASE("of one file the first 256 KiB are looked at, and of all together 512 KiB") {
  const std::string_view word = "lottery";
  const std::string before(file_text_bytes_max - word.size(), ' ');
  CHECK(text_of_file("text/plain", before + "lottery").ends_with("lottery"));
  CHECK_FALSE(text_of_file("text/plain", before + " lottery").contains("lottery"));
  std::string all;
  for (int i = 0; i < 4; ++i) add_file_text(all, "text/plain", std::string(file_text_bytes_max + 1, 'a'));
  CHECK(all.size() == files_text_bytes_max);
}

TEST_CASE("rules on words look into files; what is quoted is asked for links and card numbers only") {
  CHECK(is_hit({.is_outbound = true, .files = "the lottery"}, ContentKind::words, {"lottery"}));
  CHECK(is_hit({.is_outbound = true, .files = "see http://evil.example/x"}, ContentKind::links, {"evil.example"}));
  CHECK(is_hit({.is_outbound = true, .files = "4111 1111 1111 1111"}, ContentKind::card_numbers, {}));
  CHECK(is_hit({.is_outbound = true, .quoted = "see http://evil.example/x"}, ContentKind::links, {"evil.example"}));
  CHECK(is_hit({.is_outbound = true, .quoted = "4111 1111 1111 1111"}, ContentKind::card_numbers, {}));
  CHECK_FALSE(is_hit({.is_outbound = true, .quoted = "the lottery"}, ContentKind::words, {"lottery"}));
}
