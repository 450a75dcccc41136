#include "mail/html_writer.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

// Start tags that end an open p (HTML standard, "in body").
constexpr std::array closes_paragraph{
    std::string_view{"blockquote"}, std::string_view{"center"}, std::string_view{"dd"}, std::string_view{"dir"},
    std::string_view{"div"},        std::string_view{"dl"},     std::string_view{"dt"}, std::string_view{"h1"},
    std::string_view{"h2"},         std::string_view{"h3"},     std::string_view{"h4"}, std::string_view{"h5"},
    std::string_view{"h6"},         std::string_view{"hr"},     std::string_view{"li"}, std::string_view{"ol"},
    std::string_view{"p"},          std::string_view{"pre"},    std::string_view{"ul"}};

bool is_one_of(std::string_view tag, const auto& list) { return std::ranges::find(list, tag) != list.end(); }

bool is_heading(std::string_view tag) { return tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'; }

bool ends_scope(std::string_view tag) { return tag == "td" || tag == "th" || tag == "caption" || tag == "table"; }

bool is_cell_like(std::string_view tag) { return tag == "td" || tag == "th" || tag == "caption"; }

bool is_section(std::string_view tag) { return tag == "tbody" || tag == "thead" || tag == "tfoot"; }

// Parts of a table, and the parent that each must have.
bool fits_table(std::string_view tag, std::string_view parent) {
  if (tag == "td" || tag == "th") return parent == "tr";
  if (tag == "tr") return is_section(parent);
  if (is_section(tag) || tag == "caption" || tag == "colgroup") return parent == "table";
  if (tag == "col") return parent == "colgroup";
  return false;
}

bool is_table_part(std::string_view tag) {
  return is_cell_like(tag) || is_section(tag) || tag == "tr" || tag == "col" || tag == "colgroup";
}

bool holds_only_parts(std::string_view tag) {
  return tag == "table" || is_section(tag) || tag == "tr" || tag == "colgroup";
}

bool is_item(std::string_view tag) { return tag == "li" || tag == "dd" || tag == "dt"; }

bool same_items(std::string_view a, std::string_view b) { return (a == "li") == (b == "li"); }

// Elements through which the search for an open list item goes on.
bool is_item_transparent(std::string_view tag) {
  for (auto special : {"blockquote", "center", "dir",   "dl", "h1", "h2",      "h3", "h4",    "h5",    "h6",   "ol",
                       "pre",        "ul",     "table", "td", "th", "caption", "tr", "tbody", "thead", "tfoot"})
    if (tag == special) return false;
  return true;
}

}  // namespace

bool closes_open_paragraph(std::string_view tag) { return is_one_of(tag, closes_paragraph); }

// Bytes of a C1 control or a Unicode noncharacter at the front, which no parser keeps; 0 when there is none.
static std::size_t noncharacter_length(std::string_view text) {
  auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (at(0) == 0xC2) return at(1) < 0xA0 ? 2 : 0;
  if (at(0) == 0xEF && at(1) == 0xB7) return at(2) >= 0x90 && at(2) <= 0xAF ? 3 : 0;
  if (at(0) == 0xEF) return at(1) == 0xBF && at(2) >= 0xBE ? 3 : 0;
  if (at(0) >= 0xF0) return (at(1) & 0x0FU) == 0x0F && at(2) == 0xBF && at(3) >= 0xBE ? 4 : 0;
  return 0;
}

static void append_special(std::string& out, char c) {
  switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    case '\'': out += "&#39;"; break;
    case '\t':
    case '\n': out += c; break;
    case '\r':
    case '\f': out += ' '; break;
    default:  // other controls have no meaning in text
      if (static_cast<unsigned char>(c) >= 0x80) out += c;
  }
}

// Asked of each byte: looked up.
static bool stays_as_it_is(char c) {
  static constexpr auto answers = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 32; byte < 0xEF; ++byte) table[byte] = byte != 127 && byte != 0xC2;
    for (auto special : {'&', '<', '>', '"', '\''}) table[static_cast<unsigned char>(special)] = false;
    return table;
  }();
  return answers[static_cast<unsigned char>(c)];
}

void append_escaped(std::string& out, std::string_view text) {
  // The HTML parser makes ill-formed UTF-8 of character references beyond Unicode (&#1111111111;).
  if (!is_ascii(text) && !is_valid_utf8(text)) return append_escaped(out, to_valid_utf8(text));
  while (!text.empty()) {
    auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, stays_as_it_is) - text.begin());
    out += text.substr(0, plain);
    if (plain == text.size()) return;
    text.remove_prefix(plain);
    auto skipped = noncharacter_length(text);
    if (skipped == 0) append_special(out, text[0]);
    text.remove_prefix(std::max<std::size_t>(skipped, 1));
  }
}

bool HtmlWriter::is_open_in_scope(std::string_view tag) const {
  for (auto it = open_.rbegin(); it != open_.rend(); ++it) {
    if (*it == tag) return true;
    if (ends_scope(*it)) return false;
  }
  return false;
}

bool HtmlWriter::may_open(std::string_view tag) const {
  if (open_.size() + 1 >= max_html_depth) return false;  // with its box it is still read again
  auto parent = innermost();
  if (is_table_part(tag)) return fits_table(tag, parent);
  if (holds_only_parts(parent)) return false;
  if (is_one_of(tag, closes_paragraph) && is_open_in_scope("p")) return false;
  if (is_heading(tag) && is_heading(parent)) return false;
  if (tag == "a") {
    for (auto it = open_.rbegin(); it != open_.rend() && !is_cell_like(*it); ++it)
      if (*it == "a") return false;
  }
  if (!is_item(tag)) return true;
  for (auto it = open_.rbegin(); it != open_.rend() && (is_item(*it) || is_item_transparent(*it)); ++it)
    if (is_item(*it)) return !same_items(tag, *it);
  return true;
}

void HtmlWriter::write_tag(std::string_view tag, const std::vector<HtmlAttribute>& attributes) {
  after_pre_ = false;
  out_ += '<';
  out_ += tag;
  for (const auto& attribute : attributes) {
    out_ += ' ';
    out_ += attribute.name;
    out_ += "=\"";
    append_escaped(out_, attribute.value);
    out_ += '"';
  }
  out_ += '>';
}

void HtmlWriter::open(std::string_view tag, const std::vector<HtmlAttribute>& attributes) {
  write_tag(tag, attributes);
  open_.push_back(tag);
  after_pre_ = tag == "pre";
}

void HtmlWriter::close() {
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  open_.pop_back();
  after_pre_ = false;
}

void HtmlWriter::add_void(std::string_view tag, const std::vector<HtmlAttribute>& attributes) {
  write_tag(tag, attributes);
}

void HtmlWriter::add_text(std::string_view text) {
  auto starts_with_nothing =
      [&] {  // a control that is left out, or a blank that the parser drops before the body begins
        auto c = text.front();
        if (auto length = noncharacter_length(text); length > 0) return length;
        auto dropped = (static_cast<unsigned char>(c) < 32 && !is_space(c)) || c == '\v' || c == 127;
        return std::size_t{dropped || (out_.empty() && is_space(c)) ? 1U : 0U};
      };
  for (std::size_t skip = 1; skip > 0 && !text.empty(); text.remove_prefix(skip)) {
    skip = starts_with_nothing();
  }
  if (text.empty()) return;
  if (holds_only_parts(innermost())) return;  // only blanks can stand between rows and cells
  if (after_pre_ && text.front() == '\n') out_ += '\n';
  after_pre_ = false;
  append_escaped(out_, text);
}

}  // namespace answerable::mail
