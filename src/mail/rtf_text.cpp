#include "mail/rtf_text.h"

#include <array>
#include <vector>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/byte_reader.h"
#include "mail/charset.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

constexpr std::string_view dictionary_start =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    "MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
constexpr std::uint32_t compressed = 0x75465A4C, uncompressed = 0x414C454D;  // "LZFu", "MELA"
constexpr std::size_t ring_size = 4096;

// Groups whose content is no text of the body.
bool is_hidden_group(std::string_view word) {
  for (std::string_view hidden :
       {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "generator", "listtable",
        "listoverridetable", "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "htmltag"})
    if (word == hidden) return true;
  return false;
}

void append_code_point(std::string& out, std::uint32_t code) {
  std::array<char, 2> wide{static_cast<char>(code & 0xFFU), static_cast<char>(code >> 8U)};
  out += decode_charset({wide.data(), wide.size()}, "utf-16le").text;
}

class RtfReader {
 public:
  explicit RtfReader(std::string_view rtf) : rest_(rtf) {}

  std::string read() {
    while (!rest_.empty() && out_.size() + bytes_.size() < max_body_bytes) step();
    flush();
    return std::move(out_);
  }

 private:
  void step() {
    auto c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '{') {
      if (hidden_.size() < 200) hidden_.push_back(is_hidden());
    } else if (c == '}') {
      if (!hidden_.empty()) hidden_.pop_back();
    } else if (c == '\\') {
      control();
    } else if (c != '\r' && c != '\n') {
      add(c);
    }
  }

  bool is_hidden() const { return !hidden_.empty() && hidden_.back(); }

  void add(char byte) {
    if (skip_ > 0) return void(--skip_);
    if (!is_hidden()) bytes_ += byte;
  }

  void control() {
    if (rest_.empty()) return;
    auto c = rest_.front();
    if (c == '\'') return hex();
    if (!is_letter(c)) {
      rest_.remove_prefix(1);
      if (c == '\\' || c == '{' || c == '}') add(c);
      if (c == '~') add(' ');
      if (c == '*' && !hidden_.empty()) hidden_.back() = true;  // a group that old readers must pass over
      return;
    }
    std::size_t length = 0, digits = 0;
    while (length < rest_.size() && is_letter(rest_[length])) ++length;
    auto word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    auto minus = rest_.starts_with('-');
    if (minus) rest_.remove_prefix(1);
    int value = 0;
    for (; digits < rest_.size() && is_digit(rest_[digits]) && digits < 7; ++digits)
      value = value * 10 + (rest_[digits] - '0');
    rest_.remove_prefix(digits);
    if (rest_.starts_with(' ')) rest_.remove_prefix(1);
    act(word, minus ? -value : value);
  }

  void act(std::string_view word, int value) {
    if (word == "par" || word == "line" || word == "sect") return add_line();
    if (word == "tab") return add('\t');
    if (word == "ansicpg") charset_ = "cp" + std::to_string(value);
    if (word == "uc") fallback_ = value;
    if (word == "u" && !is_hidden()) {
      flush();
      append_code_point(out_, static_cast<std::uint32_t>(value) & 0xFFFFU);
      skip_ = fallback_;
    }
    if (is_hidden_group(word) && !hidden_.empty()) hidden_.back() = true;
  }

  void add_line() {
    if (!is_hidden()) bytes_ += '\n';
  }

  void hex() {
    auto digit = [&](std::size_t i) {
      if (i >= rest_.size()) return 0;
      auto c = lower(rest_[i]);
      return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
    };
    add(static_cast<char>(digit(1) * 16 + digit(2)));
    rest_.remove_prefix(std::min<std::size_t>(3, rest_.size()));
  }

  void flush() {
    out_ += decode_charset(bytes_, charset_).text;
    bytes_.clear();
  }

  std::string_view rest_;
  std::string out_, bytes_, charset_ = "windows-1252";
  std::vector<bool> hidden_;  // of each open group
  int skip_ = 0, fallback_ = 1;
};

}  // namespace

std::string decompress_rtf(std::string_view bytes) {
  ByteReader in(bytes);
  in.number(4);
  auto size = std::min<std::size_t>(in.number(4), max_body_bytes);
  auto kind = in.number(4);
  in.number(4);  // checksum
  if (kind == uncompressed) return std::string(in.take(std::min(size, in.left())));
  if (kind != compressed) return {};
  std::array<char, ring_size> ring{};
  std::ranges::copy(dictionary_start, ring.begin());
  auto at = dictionary_start.size();
  std::string out;
  auto put = [&](char c) {
    out += c;
    ring[at] = c;
    at = (at + 1) % ring_size;
  };
  while (in.ok() && in.left() > 0 && out.size() < size) {
    auto flags = in.number(1);
    for (unsigned bit = 0; bit < 8 && in.left() > 0 && out.size() < size; ++bit) {
      if ((flags >> bit & 1U) == 0) {
        put(static_cast<char>(in.number(1)));
        continue;
      }
      auto high = in.number(1);
      auto word = high << 8U | in.number(1);
      auto from = static_cast<std::size_t>(word >> 4U);
      if (from == at) return out;  // the end
      for (auto left = (word & 15U) + 2; left > 0; --left, from = (from + 1) % ring_size) put(ring[from]);
    }
  }
  return out;
}

std::string rtf_to_text(std::string_view rtf) { return RtfReader(rtf).read(); }

}  // namespace answerable::mail
