#include "mail/header_encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/encoding.h"
#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset.h"

namespace answerable::mail {

namespace {

constexpr std::size_t fold_column = 76;

// Puts words into lines that begin with a blank after the first.
class FieldWriter {
 public:
  explicit FieldWriter(std::string_view name) : out_(name) {
    out_ += ':';
    column_ = out_.size();
  }

  void add(std::string_view word) {
    if (column_ + 1 + word.size() > fold_column && !first_) {
      out_ += "\r\n";
      column_ = 0;
    }
    out_ += ' ';
    out_ += word;
    column_ += 1 + word.size();
    first_ = false;
  }

  std::string take() { return std::move(out_) + "\r\n"; }

 private:
  std::string out_;
  std::size_t column_ = 0;
  bool first_ = true;
};

bool is_plain(std::string_view text) {  // may stand as it is
  if (!is_ascii(text) || text.find("=?") != std::string_view::npos) return false;
  std::size_t word = 0;
  for (char c : text) {
    word = c == ' ' ? 0 : word + 1;
    if (word > 60) return false;  // could not be folded
  }
  return trim(text).size() == text.size() && text.find("  ") == std::string_view::npos;
}

// Encoded words of at most 75 characters; none cuts a code point.
void add_encoded(FieldWriter& field, std::string_view text, std::string_view after = {}) {
  constexpr std::size_t bytes_per_word = 39;  // 52 characters of base64
  while (!text.empty()) {
    auto piece = truncate_utf8(text, bytes_per_word);
    text.remove_prefix(piece.size());
    auto word = "=?utf-8?B?" + to_base64(piece) + "?=";
    if (text.empty()) word += after;
    field.add(word);
  }
}

void add_words(FieldWriter& field, std::string_view text) {
  while (!text.empty()) {
    auto end = std::min(text.find(' '), text.size());
    field.add(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool is_phrase(std::string_view name) {  // atoms and blanks
  return std::ranges::all_of(name, [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view(" !#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

void add_mailbox(FieldWriter& field, const Mailbox& mailbox, std::string_view comma) {
  auto angle = "<" + mailbox.address() + ">" + std::string(comma);
  if (mailbox.name().empty()) return field.add(mailbox.address() + std::string(comma));
  if (!is_plain(mailbox.name()))
    add_encoded(field, mailbox.name());
  else if (is_phrase(mailbox.name()))
    add_words(field, mailbox.name());
  else {
    std::string quoted = "\"";
    for (char c : mailbox.name()) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    if (quoted.size() > 60)
      add_encoded(field, mailbox.name());
    else
      field.add(quoted + "\"");
  }
  field.add(angle);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_')
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::string text_field(std::string_view name, const HeaderText& text) {
  FieldWriter field(name);
  if (is_plain(text.text()))
    add_words(field, text.text());
  else
    add_encoded(field, text.text());
  return field.take();
}

std::string mailbox_field(std::string_view name, const std::vector<Mailbox>& mailboxes) {
  FieldWriter field(name);
  for (std::size_t i = 0; i < mailboxes.size(); ++i)
    add_mailbox(field, mailboxes[i], i + 1 < mailboxes.size() ? "," : "");
  return field.take();
}

std::string id_field(std::string_view name, const std::vector<std::string>& ids) {
  FieldWriter field(name);
  for (const auto& id : ids) field.add("<" + id + ">");
  return field.take();
}

std::string date_field(Time time) {
  using namespace std::chrono;
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto instant = sys_seconds(floor<seconds>(milliseconds(time.ms)));
  auto day = floor<std::chrono::days>(instant);
  year_month_day date(day);
  hh_mm_ss clock(instant - day);
  return fmt::format("Date: {}, {:02} {} {:04} {:02}:{:02}:{:02} +0000\r\n", days[weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string parameter_field(std::string_view name, std::string_view value, std::string_view parameter,
                            std::string_view parameter_value) {
  auto field = std::string(name) + ": " + std::string(value);
  auto simple = is_ascii(parameter_value) && parameter_value.size() <= 50 &&
                parameter_value.find_first_of("\"\\%=") == std::string_view::npos;
  if (simple) return field + fmt::format(";\r\n {}=\"{}\"\r\n", parameter, parameter_value);
  auto encoded = percent_encoded(parameter_value);
  if (encoded.size() <= 50) return field + fmt::format(";\r\n {}*=utf-8''{}\r\n", parameter, encoded);
  for (std::size_t part = 0; !encoded.empty(); ++part) {
    std::size_t length = std::min<std::size_t>(encoded.size(), 50);
    auto percent = encoded.rfind('%', length - 1);  // an escape is not cut
    if (length < encoded.size() && percent != std::string::npos && percent + 3 > length) length = percent;
    field += fmt::format(";\r\n {}*{}*={}{}", parameter, part, part == 0 ? "utf-8''" : "", encoded.substr(0, length));
    encoded.erase(0, length);
  }
  return field + "\r\n";
}

}  // namespace answerable::mail
