#include "mail/encoded_word.h"

#include <optional>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/limits.h"
#include "mail/transfer_encoding.h"

namespace answerable::mail {

namespace {

struct Word {
  std::string_view charset;
  char encoding = 'q';
  std::string bytes;
  std::size_t length = 0;  // of the whole word in the source
};

// An encoded word at the front of `text` ("=?charset*language?B?...?="). A missing end is forgiven at the end of the
// field, and blanks inside the text are read as they stand.
std::optional<Word> read_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  auto first = text.find('?', 2);
  if (first == std::string_view::npos || first == 2 || first + 2 >= text.size() || text[first + 2] != '?')
    return std::nullopt;
  Word word{.charset = text.substr(2, first - 2), .encoding = lower(text[first + 1])};
  if (word.encoding != 'b' && word.encoding != 'q') return std::nullopt;
  if (word.charset.size() > 60 || word.charset.find_first_of(" \t<>@") != std::string_view::npos) return std::nullopt;
  auto start = first + 3;
  auto end = text.find("?=", start);
  // A text that begins with a question mark, "=?utf-8?Q??=C3=A9?=", does not end there; "=?utf-8?Q??= x" is empty.
  if (end == start && word.encoding == 'q' && text.size() > start + 2 && !is_space(text[start + 2])) {
    auto later = text.find("?=", start + 1);
    if (later != std::string_view::npos) end = later;
  }
  auto body = text.substr(start, end == std::string_view::npos ? end : end - start);
  word.length = end == std::string_view::npos ? text.size() : end + 2;
  word.charset = word.charset.substr(0, word.charset.find('*'));
  word.bytes = word.encoding == 'q' ? decode_quoted_word(body) : decode_transfer(body, TransferEncoding::base64).bytes;
  return word;
}

std::size_t blank_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_space(text[n])) ++n;
  return n;
}

// Words in one charset that follow each other, even when a character is split between them.
std::string read_run(std::string_view& text, Word word) {
  std::string out;
  text.remove_prefix(word.length);
  while (true) {
    auto next = read_word(text.substr(blank_length(text)));
    if (!next) break;
    text.remove_prefix(blank_length(text) + next->length);
    if (same_letters(next->charset, word.charset)) {
      word.bytes += next->bytes;
      continue;
    }
    out += decode_charset(word.bytes, word.charset).text;
    word = *std::move(next);
  }
  return out + decode_charset(word.bytes, word.charset).text;
}

std::string without_controls(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 32 || c == 127) c = ' ';
  if (text.size() > max_header_text_bytes) text.resize(truncate_utf8(text, max_header_text_bytes).size());
  return text;
}

}  // namespace

std::string decode_header_text(std::string_view value) {
  if (value.find("=?") == std::string_view::npos) return without_controls(decode_raw_header(value));
  std::string out;
  while (!value.empty() && out.size() <= max_header_text_bytes) {
    auto at = value.find("=?");
    out += decode_raw_header(value.substr(0, at));
    if (at == std::string_view::npos) break;
    value.remove_prefix(at);
    if (auto word = read_word(value)) {
      if (out.ends_with(']')) out += ' ';  // "[SPAM]=?utf-8?...": a gateway forgot the blank
      out += read_run(value, *std::move(word));
    } else {
      out += "=?";
      value.remove_prefix(2);
    }
  }
  return without_controls(std::move(out));
}

std::string_view charset_of_words(std::string_view value) {
  auto at = value.find("=?");
  auto word = at == value.npos ? std::nullopt : read_word(value.substr(at));
  return word ? word->charset : std::string_view{};
}

}  // namespace answerable::mail
