#include "mail/mime_bounds.h"

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "mail/calendar_text.h"
#include "mail/limits.h"
#include "mail/mac_files.h"
#include "mail/message.h"

using namespace answerable;
using namespace answerable::mail;
using namespace std::string_literals;

namespace {

const std::string start = "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n";

std::string parts(std::size_t count, const std::string& header) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "--b\n" + header + "\nx\n";
  return out;
}

MimeBounds bounds_of(const std::string& mail) {
  MimeBounds bounds;
  bound_mime(mail, bounds);
  return bounds;
}

std::string little_endian(std::size_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string attribute(std::size_t id, const std::string& data) {
  return "\x02" + little_endian(id, 4) + little_endian(data.size(), 4) + data + "\0\0"s;
}

std::string tnef_with(const std::string& name, const std::string& content) {
  return "\x78\x9F\x3E\x22\x01\x00"s + attribute(0x00069002, "") + attribute(0x00018010, name) +
         attribute(0x0006800F, content);
}

}  // namespace

TEST_CASE("a message within the bounds is not touched") {
  auto mail = start + parts(10, "Content-Type: text/plain\n") + "--b--\n";
  auto bounds = bounds_of(mail);
  CHECK(bounds.text.data() == mail.data());
  CHECK(bounds.text.size() == mail.size());
  CHECK(bounds.defects.empty());
}

TEST_CASE("what follows max_delimiters is cut off") {
  auto mail = start + parts(max_delimiters, "");
  CHECK(bounds_of(mail).defects.empty());
  auto longer = mail + "--b\n\nlast\n";
  auto more = bounds_of(longer);
  CHECK(more.defects == std::vector<std::string>{"too_many_parts"});
  CHECK(more.text == mail);
  CHECK(bounds_of(start + parts(max_delimiters, "") + "--c\n\nlines of another kind do not count\n").defects.empty());
}

TEST_CASE("the header of a part loses the fields beyond max_part_header_bytes") {
  auto field = "X-Long: " + std::string(max_part_header_bytes - 20, 'x') + "\n";
  auto mail = start + parts(1, field + "X-Last: 1\n") + parts(1, "Content-Type: text/plain\n");
  CHECK(bounds_of(mail).defects.empty());
  auto longer = start + parts(1, field + "X-Last: 1\nX-Beyond: 1\n") + parts(1, "Content-Type: text/plain\n");
  auto more = bounds_of(longer);
  CHECK(more.defects == std::vector<std::string>{"header_too_large"});
  CHECK(more.text.find("X-Last") != std::string_view::npos);
  CHECK(more.text.find("X-Beyond") == std::string_view::npos);
  CHECK(more.text.ends_with("--b\nContent-Type: text/plain\n\nx\n"));
  auto read = parse_message(start + parts(1, field + "X-Last: 1\nX-Beyond: 1\n") + "--b--\n");
  CHECK(read.text == "x");
}

TEST_CASE("parts are read until their headers come to max_part_headers_bytes") {
  auto field = "X: " + std::string(996, 'x') + "\n";  // with the empty line, 1,001 bytes
  auto count = max_part_headers_bytes / 1001;
  CHECK(bounds_of(start + parts(count, field)).defects.empty());
  CHECK(bounds_of(start + parts(count + 1, field)).defects == std::vector<std::string>{"too_many_parts"});
}

TEST_CASE("a text of more source than max_body_source_bytes is read in part and attached whole") {
  auto mail = [](std::size_t size) { return parse_message("From: a@example.org\n\n" + std::string(size, '\r')); };
  CHECK(mail(1'000).attachments.empty());
  auto read = mail(max_body_source_bytes + 1);
  REQUIRE(read.attachments.size() == 1);
  CHECK(read.attachments[0].size == max_body_source_bytes + 1);
}

TEST_CASE("messages within a winmail.dat are opened down to a depth") {
  auto files_in = [](std::size_t layers) {
    auto content = "the file"s;
    for (std::size_t i = 0; i < layers; ++i) content = tnef_with("layer" + std::to_string(i), content);
    auto mail = "Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n" + to_base64(content);
    return parse_message(mail).attachments.size();
  };
  CHECK(files_in(1) == 2);  // winmail.dat and its file
  CHECK(files_in(max_tnef_layers) == max_tnef_layers + 1);
  CHECK(files_in(max_tnef_layers + 1) == max_tnef_layers + 1);
}

TEST_CASE("an invitation is shown up to its limits") {
  std::string calendar;
  for (std::size_t i = 0; i <= max_calendar_events; ++i)
    calendar += "BEGIN:VEVENT\nSUMMARY:event " + std::to_string(i) + "\nEND:VEVENT\n";
  auto text = calendar_to_text(calendar);
  CHECK(text.find("event " + std::to_string(max_calendar_events - 1)) != std::string::npos);
  CHECK(text.find("event " + std::to_string(max_calendar_events)) == std::string::npos);
  auto late = [](std::size_t before) {
    auto event = "BEGIN:VEVENT\nSUMMARY:late\nEND:VEVENT\n"s;
    return parse_message("Content-Type: text/calendar\n\n" + std::string(before - event.size(), '\n') + event).text;
  };
  CHECK(late(max_calendar_bytes) == "late\n");
  CHECK(late(max_calendar_bytes + 40).empty());
}
