#include "mail/html_markup.h"

#include <array>
#include <cstring>
#include <new>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

constexpr auto npos = std::string_view::npos;

struct Reference {
  std::string_view name, character;
};

// Those that mail programs write; gumbo knows the other two thousand.
constexpr std::array references{
    Reference{"nbsp", "\u00A0"},   Reference{"amp", "&"},         Reference{"lt", "<"},
    Reference{"gt", ">"},          Reference{"quot", "\""},       Reference{"apos", "'"},
    Reference{"copy", "\u00A9"},   Reference{"reg", "\u00AE"},    Reference{"trade", "\u2122"},
    Reference{"euro", "\u20AC"},   Reference{"bull", "\u2022"},   Reference{"middot", "\u00B7"},
    Reference{"hellip", "\u2026"}, Reference{"ndash", "\u2013"},  Reference{"mdash", "\u2014"},
    Reference{"lsquo", "\u2018"},  Reference{"rsquo", "\u2019"},  Reference{"ldquo", "\u201C"},
    Reference{"rdquo", "\u201D"},  Reference{"laquo", "\u00AB"},  Reference{"raquo", "\u00BB"},
    Reference{"zwnj", "\u200C"},   Reference{"auml", "\u00E4"},   Reference{"ouml", "\u00F6"},
    Reference{"uuml", "\u00FC"},   Reference{"Auml", "\u00C4"},   Reference{"Ouml", "\u00D6"},
    Reference{"Uuml", "\u00DC"},   Reference{"szlig", "\u00DF"},  Reference{"eacute", "\u00E9"},
    Reference{"egrave", "\u00E8"}, Reference{"agrave", "\u00E0"}, Reference{"ccedil", "\u00E7"},
};

constexpr bool is_html_blank(char c) { return c == ' ' || c == '\n' || c == '\t'; }
constexpr bool is_in_name(char c) {
  return is_letter(c) || is_digit(c) || c == ':' || c == '-' || c == '_' || c == '.';
}

// How many bytes at the beginning are such characters.
std::size_t run_of(std::string_view text, auto is_such) {
  std::size_t size = 0;
  while (size < text.size() && is_such(text[size])) ++size;
  return size;
}

// Code points that stand for themselves when a number names them, and are no white space.
bool is_usual(unsigned code) {
  if (code <= 0x20 || (code >= 0x7F && code < 0xA0)) return false;
  if (code >= 0xD800 && code < 0xE000) return false;
  return code <= 0x10FFFF && (code < 0xFDD0 || code > 0xFDEF) && (code & 0xFFFE) != 0xFFFE;
}

void append_utf8(char*& out, unsigned code) {
  auto rest = [&](int shift) { *out++ = static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | (code >> 6));
    rest(0);
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xE0 | (code >> 12));
    rest(6), rest(0);
  } else {
    *out++ = static_cast<char>(0xF0 | (code >> 18));
    rest(12), rest(6), rest(0);
  }
}

// "#160;", "#xA0;". How many bytes of `text` that was; 0 when unusual.
std::size_t decode_number(std::string_view text, char*& out) {
  const bool is_hex = text.size() > 1 && lower(text[1]) == 'x';
  const std::size_t first = is_hex ? 2 : 1;
  unsigned code = 0;
  auto at = first;
  for (; at < text.size() && at < first + 7; ++at) {
    auto c = lower(text[at]);
    if (is_digit(c))
      code = code * (is_hex ? 16 : 10) + static_cast<unsigned>(c - '0');
    else if (is_hex && c >= 'a' && c <= 'f')
      code = code * 16 + static_cast<unsigned>(c - 'a' + 10);
    else
      break;
  }
  if (at == first || at >= text.size() || text[at] != ';' || !is_usual(code)) return 0;
  append_utf8(out, code);
  return at + 1;
}

// What stands behind an ampersand. How many bytes of it were decoded, none when it is no reference; npos when unusual.
std::size_t decode_reference(std::string_view text, bool in_attribute, char*& out) {
  if (text.starts_with('#')) {
    auto taken = decode_number(text, out);
    return taken == 0 ? npos : taken;
  }
  auto name = text.substr(0, run_of(text, [](char c) { return is_letter(c) || is_digit(c); }));
  auto behind = name.size() < text.size() ? text[name.size()] : '\0';
  if (behind == ';')
    for (const auto& reference : references)
      if (reference.name == name) {
        out = std::ranges::copy(reference.character, out).out;
        return name.size() + 1;
      }
  if (!name.empty() && !(in_attribute && behind == '=')) return npos;  // a=1&b=2 names nothing, in an address
  *out++ = '&';
  return 0;
}

HtmlPiece unusual() { return {.kind = HtmlPiece::Kind::unusual}; }

}  // namespace

bool is_plain_html_text(std::string_view html) {
  bool is_ascii = true, has_control = false;
  for (const char c : html) {
    const auto byte = static_cast<unsigned char>(c);
    is_ascii &= byte < 0x80;
    has_control |= (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;
  }
  if (has_control || is_ascii) return !has_control;
  if (!is_valid_utf8(html) || html.starts_with("\xEF\xBB\xBF")) return false;
  for (std::size_t at = 0; at + 1 < html.size(); ++at) {
    const auto byte = static_cast<unsigned char>(html[at]), second = static_cast<unsigned char>(html[at + 1]);
    if (byte == 0xC2 && second < 0xA0) return false;                       // C1
    if (byte == 0xEF && (second == 0xB7 || second == 0xBF)) return false;  // non-characters and some beside them
    if (byte >= 0xF0 && static_cast<unsigned char>(html[at + 2]) == 0xBF) return false;  // the same of other planes
  }
  return true;
}

void append(HtmlArena& arena, GumboVector& vector, void* element) {
  if (vector.length == vector.capacity) {
    vector.capacity = vector.capacity == 0 ? 4 : vector.capacity * 2;
    auto** data = static_cast<void**>(arena.allocate(vector.capacity * sizeof(void*)));
    std::copy_n(vector.data, vector.length, data);
    vector.data = data;
  }
  vector.data[vector.length++] = element;
}

HtmlPiece HtmlMarkup::next() {
  if (rest_.empty()) return {};
  if (rest_[0] != '<') {
    HtmlPiece text{.kind = HtmlPiece::Kind::text, .source = rest_.substr(0, rest_.find('<'))};
    rest_.remove_prefix(text.source.size());
    return text;
  }
  rest_.remove_prefix(1);
  if (rest_.starts_with('!') || rest_.starts_with('?')) return declaration();
  const bool is_end = rest_.starts_with('/');
  if (is_end) rest_.remove_prefix(1);
  return rest_.empty() || !is_letter(rest_[0]) ? unusual() : tag(is_end);
}

// A comment, a doctype, or what is taken for a comment: <![if …]>, <?xml …>.
HtmlPiece HtmlMarkup::declaration() {
  HtmlPiece piece{.kind = HtmlPiece::Kind::comment};
  std::size_t end = 0;
  if (rest_.starts_with("!--")) {
    rest_.remove_prefix(3);
    end = rest_.find("-->");
    if (end == npos || rest_.starts_with('>') || rest_.starts_with("->")) return unusual();
    if (rest_.substr(0, end + 2).find("--!") != npos) return unusual();
    end += 2;
  } else {
    if (starts_with_letters(rest_, "!doctype")) piece.kind = HtmlPiece::Kind::doctype;
    end = rest_.find('>');
    if (end == npos || rest_.starts_with("![CDATA[")) return unusual();
  }
  rest_.remove_prefix(end + 1);
  return piece;
}

HtmlPiece HtmlMarkup::tag(bool is_end) {
  HtmlPiece piece{.kind = is_end ? HtmlPiece::Kind::end_tag : HtmlPiece::Kind::start_tag};
  piece.name = rest_.substr(0, run_of(rest_, is_in_name));
  rest_.remove_prefix(piece.name.size());
  piece.tag = gumbo_tagn_enum(piece.name.data(), static_cast<unsigned>(piece.name.size()));
  if (!is_end) return read_attributes(piece.attributes) ? piece : unusual();
  skip_blanks();
  if (!rest_.starts_with('>')) return unusual();
  rest_.remove_prefix(1);
  return piece;
}

// Up to the > of the tag, which is taken.
bool HtmlMarkup::read_attributes(GumboVector& attributes) {
  while (true) {
    auto before = rest_.size();
    skip_blanks();
    if (rest_.starts_with("/>")) rest_.remove_prefix(1);
    if (rest_.starts_with('>')) {
      rest_.remove_prefix(1);
      return true;
    }
    auto size = run_of(rest_, is_in_name);
    if (size == 0 || rest_.size() == before || attributes.length >= max_html_attributes) return false;
    auto* name = static_cast<char*>(arena_.allocate(size + 1));
    *std::ranges::transform(rest_.substr(0, size), name, lower).out = '\0';
    rest_.remove_prefix(size);
    const char* value = "";
    const auto blanks = run_of(rest_, is_html_blank);
    if (rest_.substr(blanks).starts_with('=')) {
      rest_.remove_prefix(blanks + 1);
      if (!read_value(value)) return false;
    }
    if (gumbo_get_attribute(&attributes, name) != nullptr) continue;
    auto* attribute = new (arena_.allocate(sizeof(GumboAttribute))) GumboAttribute{};
    attribute->name = name;
    attribute->value = value;
    append(arena_, attributes, attribute);
  }
}

bool HtmlMarkup::read_value(const char*& value) {
  skip_blanks();
  if (rest_.empty()) return false;
  const auto quote = rest_[0];
  if (quote == '"' || quote == '\'') {
    rest_.remove_prefix(1);
    auto end = rest_.find(quote);
    if (end == npos) return false;
    value = decode(rest_.substr(0, end), true);
    rest_.remove_prefix(end + 1);
  } else {
    auto size = run_of(rest_, [](char c) { return !is_html_blank(c) && c != '>'; });
    auto source = rest_.substr(0, size);
    if (source.empty() || source.find_first_of("\"'<=`") != npos) return false;
    value = decode(source, true);
    rest_.remove_prefix(size);
  }
  return value != nullptr;
}

void HtmlMarkup::skip_blanks() { rest_.remove_prefix(run_of(rest_, is_html_blank)); }

void HtmlMarkup::skip_newline() {
  if (rest_.starts_with('\n')) rest_.remove_prefix(1);
}

bool HtmlMarkup::read_raw(std::string_view name, std::string_view& source) {
  for (auto at = rest_.find("</"); at != npos; at = rest_.find("</", at + 1)) {
    auto behind = rest_.substr(at + 2);
    if (!starts_with_letters(behind, name)) continue;
    behind.remove_prefix(name.size());
    if (!behind.starts_with('>')) return false;
    source = rest_.substr(0, at);
    rest_ = behind.substr(1);
    return true;
  }
  return false;
}

const char* HtmlMarkup::copy(std::string_view source) {
  auto* text = static_cast<char*>(arena_.allocate(source.size() + 1));
  *std::ranges::copy(source, text).out = '\0';
  return text;
}

const char* HtmlMarkup::decode(std::string_view source, bool in_attribute) {
  auto* text = static_cast<char*>(arena_.allocate(source.size() + 1));  // no reference is shorter than its character
  auto* out = text;
  while (true) {
    auto plain = source.substr(0, source.find('&'));
    out = std::ranges::copy(plain, out).out;
    if (plain.size() == source.size()) break;
    source.remove_prefix(plain.size() + 1);
    auto taken = decode_reference(source, in_attribute, out);
    if (taken == npos) return nullptr;
    source.remove_prefix(taken);
  }
  *out = '\0';
  return text;
}

}  // namespace answerable::mail
