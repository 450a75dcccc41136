#include "policy/office_words.h"

#define ZLIB_CONST  // its input is not written to
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "policy/text_encoding.h"

namespace answerable::policy {
namespace {

// PKWARE's APPNOTE: 4.3.7 local header, 4.3.12 central directory, 4.3.16 its end. Numbers have the least byte first.
constexpr std::string_view local_mark = "PK\x03\x04", central_mark = "PK\x01\x02", end_mark = "PK\x05\x06";
constexpr std::size_t local_bytes = 30, central_bytes = 46, end_bytes = 22, comment_max = 65'535;
constexpr unsigned stored = 0, deflated = 8, encrypted_flag = 1;

std::size_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::size_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

struct Member {
  std::string_view name;
  std::size_t method = 0, size = 0, offset = 0;  // as stored
  int rank = 0;
};

// What holds the text comes first, so that nothing before it can use up the bounds; nothing: no XML.
std::optional<int> rank_of(std::string_view name) {
  const auto is_in = [&](std::string_view folder) { return name.starts_with(folder) && name.ends_with(".xml"); };
  if (name == "content.xml" || is_in("word/document") || is_in("xl/sharedStrings") || is_in("ppt/slides/")) return 0;
  if (name.ends_with(".rels") || is_in("word/") || is_in("xl/worksheets/")) return 1;
  const auto is_kind = [&](std::string_view end) { return name.ends_with(end); };
  if (is_kind(".xml") || is_kind(".xhtml") || is_kind(".html") || is_kind(".htm")) return 2;
  return std::nullopt;
}

std::string_view directory_of(std::string_view zip, std::size_t& count) {
  const auto from = zip.size() - std::min(zip.size(), end_bytes + comment_max);
  const auto end = zip.rfind(end_mark);
  if (end == std::string_view::npos || end < from || zip.size() - end < end_bytes) return {};
  count = number(zip, end + 10, 2);
  const auto size = number(zip, end + 12, 4), offset = number(zip, end + 16, 4);
  if (count > office_members_max || offset > zip.size()) return {};
  return zip.substr(offset, size);
}

std::vector<Member> members_of(std::string_view zip) {
  std::vector<Member> members;
  std::size_t count = 0;
  auto rest = directory_of(zip, count);
  for (; count > 0 && rest.size() >= central_bytes && rest.starts_with(central_mark); --count) {
    const auto name_size = number(rest, 28, 2);
    const auto behind = central_bytes + name_size + number(rest, 30, 2) + number(rest, 32, 2);
    Member member{.name = rest.substr(central_bytes, name_size),
                  .method = number(rest, 10, 2),
                  .size = number(rest, 20, 4),
                  .offset = number(rest, 42, 4)};
    const auto rank = rank_of(member.name);
    const bool is_encrypted = (number(rest, 8, 2) & encrypted_flag) != 0;
    rest.remove_prefix(std::min(behind, rest.size()));
    if (!rank || is_encrypted) continue;
    member.rank = *rank;
    members.push_back(member);
  }
  std::ranges::sort(members, {}, [](const Member& one) { return std::pair(one.rank, one.offset); });
  return members;
}

// The first bytes of it; empty where it is damaged or packed in another way.
std::string inflate_raw(std::string_view packed, std::size_t bytes_max) {
  z_stream stream{};
  std::string out;
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return out;
  stream.next_in = reinterpret_cast<const Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max()));
  std::array<char, 64UL << 10> chunk{};
  for (int status = Z_OK; status == Z_OK && out.size() < bytes_max;) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(std::min(chunk.size(), bytes_max - out.size()));
    const auto room = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk.data(), room - stream.avail_out);
    if (room == stream.avail_out) break;
  }
  inflateEnd(&stream);
  return out;
}

std::string bytes_of(std::string_view zip, const Member& member, std::size_t bytes_max) {
  if (member.offset > zip.size()) return {};
  auto rest = zip.substr(member.offset);
  if (rest.size() < local_bytes || !rest.starts_with(local_mark)) return {};
  const auto header = local_bytes + number(rest, 26, 2) + number(rest, 28, 2);
  if (header > rest.size()) return {};
  const auto packed = rest.substr(header, member.size);
  if (member.method == stored) return std::string(packed.substr(0, bytes_max));
  return member.method == deflated ? inflate_raw(packed, bytes_max) : std::string();
}

void append_entity(std::string& out, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, char>, 5> names{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  if (name.starts_with('#')) {
    const bool is_hex = name.starts_with("#x");
    std::uint32_t code = 0;
    const auto digits = name.substr(is_hex ? 2 : 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
    const bool is_sign = read.ec == std::errc() && code > 0 && code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    if (is_sign) append_utf8(out, static_cast<char32_t>(code));
    return;
  }
  for (const auto& [known, sign] : names)
    if (name == known) out += sign;
}

void append_decoded(std::string& out, std::string_view text) {
  constexpr std::size_t entity_max = 12;
  while (!text.empty()) {
    const auto sign = std::min(text.find('&'), text.size());
    out += text.substr(0, sign);
    text.remove_prefix(sign);
    if (text.empty()) return;
    const auto end = text.substr(0, entity_max).find(';');
    if (end != std::string_view::npos) append_entity(out, text.substr(1, end - 1));
    text.remove_prefix(end == std::string_view::npos ? 1 : end + 1);
  }
}

// The addresses in a tag: Target of OOXML's relationships, href of ODF and XHTML.
void append_links(std::string& out, std::string_view tag) {
  for (const std::string_view name : {"Target=", "href="}) {
    const auto at = tag.find(name);
    if (at == std::string_view::npos || at + name.size() >= tag.size()) continue;
    const char quote = tag[at + name.size()];
    const auto value = tag.substr(at + name.size() + 1);
    if ((quote != '"' && quote != '\'') || !value.substr(0, value.find(quote)).contains(':')) continue;
    out += '\n';
    append_decoded(out, value.substr(0, value.find(quote)));
    out += '\n';
  }
}

// Behind which a word cannot go on.
void append_parting(std::string& out, std::string_view tag) {
  constexpr std::array lines{"p", "h", "br", "cr", "c", "row", "si", "tr", "tc", "td", "line-break", "table-cell", "v"};
  if (tag.starts_with('/')) tag.remove_prefix(1);
  const auto name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
  const auto colon = name.find(':');
  const auto local = colon == std::string_view::npos ? name : name.substr(colon + 1);
  if (local == "tab" || name == "text:s") out += ' ';
  if (std::ranges::find(lines, local) != lines.end() && !out.empty() && !out.ends_with('\n')) out += '\n';
}

// Where a tag ends: at a > that stands in no quotes.
std::size_t end_of_tag(std::string_view xml, std::size_t at) {
  char quote = 0;
  for (; at < xml.size(); ++at) {
    const char c = xml[at];
    if (quote == 0 && c == '>') return at;
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    }
  }
  return xml.size();
}

// Blanks that follow a blank say nothing, and must not use up the bound.
std::string without_padding(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::string out;
  for (const char c : text) {
    const bool is_blank = blanks.contains(c);
    const bool follows_blank = out.empty() || blanks.contains(out.back());
    if (!is_blank || !follows_blank) out += c;
    if (c == '\n' && !out.empty() && follows_blank) out.back() = c;
  }
  if (!out.empty() && !out.ends_with('\n')) out += '\n';
  return out;
}

}  // namespace

bool is_zip(std::string_view bytes) { return bytes.starts_with(local_mark); }

void append_words_of_xml(std::string& out, std::string_view xml) {
  constexpr std::string_view data_begin = "<![CDATA[", data_end = "]]>", comment_begin = "<!--", comment_end = "-->";
  while (!xml.empty()) {
    const auto open = std::min(xml.find('<'), xml.size());
    append_decoded(out, xml.substr(0, open));
    xml.remove_prefix(open);
    std::size_t end = 0;
    if (xml.starts_with(data_begin)) {
      end = std::min(xml.find(data_end), xml.size());
      out += xml.substr(data_begin.size(), end - std::min(end, data_begin.size()));
      end += data_end.size();
    } else if (xml.starts_with(comment_begin)) {
      end = std::min(xml.find(comment_end), xml.size()) + comment_end.size();
    } else if (!xml.empty()) {
      end = end_of_tag(xml, 1);
      const auto tag = xml.substr(1, end - 1);
      append_parting(out, tag);
      append_links(out, tag);
      ++end;
    }
    xml.remove_prefix(std::min(end, xml.size()));
  }
}

std::string words_of_office_file(std::string_view bytes, std::size_t bytes_max) {
  std::string words;
  std::size_t left = office_inflated_bytes_max;
  for (const auto& member : members_of(bytes)) {
    if (words.size() >= bytes_max || left == 0) break;
    const auto xml = bytes_of(bytes, member, std::min(left, office_member_bytes_max));
    left -= xml.size();
    std::string one;
    append_words_of_xml(one, utf8_of(xml));
    words += without_padding(one);
  }
  words.resize(truncate_utf8(words, bytes_max).size());
  return words;
}

}  // namespace answerable::policy
