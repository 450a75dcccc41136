#include "mail/reply_lines.h"

#include <algorithm>

#include "mail/ascii.h"
#include "mail/limits.h"
#include "mail/reply_phrases.h"

namespace answerable::mail {

namespace {

constexpr std::size_t full_line_bytes = 60;        // a mail program may have broken a line as long as this
constexpr std::size_t max_address_end_bytes = 24;  // "> a écrit :"
constexpr std::size_t max_initials = 4;            // "AB>"

// One past the first "wrote:" that ends the line, or that a quote follows in it; 0 without one.
std::size_t end_of_verb(std::string_view line) {
  constexpr std::string_view verb = "wrote:";
  if (line.ends_with(verb)) return line.size();
  for (auto colon = line.find(": "); colon != line.npos; colon = line.find(": ", colon + 1)) {
    auto rest = trim(line.substr(colon + 1));
    if (line.substr(0, colon + 1).ends_with(verb))
      return rest.starts_with('>') || rest.starts_with("--") ? colon + 1 : 0;
  }
  return 0;
}

// "Yes. On Mon, Nov 23, 2026 Shop wrote:" and "Yes. On Mon, Nov 23, 2026 Shop wrote: > all in one line": where the
// introduction begins in `line`, which ends with it; npos when there is none after other text.
std::size_t find_introduction_inside(std::string_view line) {
  if (line.empty() || line.size() > max_folded_bytes) return std::string_view::npos;
  auto at = line.find("On ", 1);
  if (at == line.npos || !(is_space(line[at - 1]) || line[at - 1] == '-')) return line.npos;
  auto before = trim(line.substr(0, at));
  auto ends_there = !before.empty() && std::string_view(".!?-").find(before.back()) != line.npos;
  if (!ends_there && introduction(line) == Introduction::certain) return line.npos;
  return introduction(line.substr(at)) == Introduction::certain ? at : line.npos;
}

void add_line(ReplyLines& lines, std::string_view raw) {
  ReplyLine line{.text = raw, .content = trim_invisible(raw)};
  line.is_quote = line.content.starts_with('>');
  auto head = line.is_quote ? std::string_view{} : line.content.substr(0, end_of_verb(line.content));
  auto inside = find_introduction_inside(head);
  if (inside == std::string_view::npos) return lines.push_back(line);
  auto before = head.substr(0, inside);
  while (before.ends_with('-') || before.ends_with(' ')) before.remove_suffix(1);
  lines.push_back({.text = before, .content = before});
  lines.push_back({.text = head.substr(inside), .content = head.substr(inside)});
  auto rest = trim(line.content.substr(head.size()));
  if (!rest.empty()) lines.push_back({.text = rest, .content = rest, .is_quote = rest.starts_with('>')});
}

// "> wrote:" and ">:" end an introduction that was broken inside its <address>.
bool ends_broken_address(const ReplyLines& lines, std::size_t i) {
  auto content = lines[i].content;
  if (content.size() > max_address_end_bytes || !content.ends_with(':')) return false;
  if (content != ">:" && introduction(content) != Introduction::open) return false;
  for (std::size_t above = i, seen = 0; above > 0 && seen < 3; ++seen) {
    const auto& line = lines[--above];
    if (line.is_quote) return false;
    auto open = line.content.rfind('<');
    if (open != std::string_view::npos) return line.content.find('>', open) == std::string_view::npos || seen == 0;
  }
  return false;
}

// A quoted line that a program broke without marking the rest: "> a long line of the mail that was" / "answered". Where
// it broke one line, it broke others, at the end of a sentence too.
bool is_rest_of_quote(std::string_view quote, std::string_view line, bool was_broken) {
  auto sentence_ends = std::string_view(".?!:").find(quote.back()) != std::string_view::npos;
  auto goes_on = line.front() >= 'a' && line.front() <= 'z';
  if (quote.size() >= full_line_bytes && (!sentence_ends || was_broken) && goes_on) return true;
  if (line.starts_with("(http") || line == "," || line == "." || line == ";") return true;
  auto open = quote.find_last_of("(<");
  return line.front() == '_' && open != std::string_view::npos && quote.find_first_of(")>", open) == quote.npos;
}

// "AB" of "AB> quoted", as The Bat! and others of old quote; empty for other lines.
std::string_view initials_of(std::string_view content) {
  auto end = content.find('>');
  if (end == 0 || end > max_initials || content[0] < 'A' || content[0] > 'Z') return {};
  auto initials = content.substr(0, end);
  auto rest = content.substr(std::min(content.find_first_not_of('>', end), content.size()));
  if (!rest.empty() && !is_space(rest[0])) return {};
  return std::ranges::all_of(initials, is_letter) ? initials : std::string_view{};
}

bool introduces(const ReplyLines& lines, std::size_t below) {
  while (below > 0 && lines[below - 1].is_blank()) --below;
  return below > 0 && may_end_introduction(lines[below - 1].content) &&
         introduction(lines[below - 1].content) != Introduction::none;
}

// Two lines or more with the same initials are a quote where an introduction stands above or other lines are quoted
// too; else "C> dir" may be what someone typed.
void mark_initialled_quotes(ReplyLines& lines) {
  auto quotes = std::ranges::any_of(lines, &ReplyLine::is_quote);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto initials = initials_of(lines[i].content);
    if (initials.empty()) continue;
    auto end = i + 1;
    while (end < lines.size() && initials_of(lines[end].content) == initials) ++end;
    quotes = quotes || introduces(lines, i);
    if (end - i > 1 && quotes)
      for (auto k = i; k < end; ++k) lines[k].is_quote = true;
    i = end - 1;
  }
}

}  // namespace

ReplyLines reply_lines(std::string_view text) {
  ReplyLines lines;
  while (!text.empty()) {
    auto end = lines.size() + 1 >= max_reply_lines ? std::string_view::npos : text.find('\n');
    add_line(lines, text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i].is_quote && ends_broken_address(lines, i)) lines[i].is_quote = false;
  mark_initialled_quotes(lines);
  return lines;
}

ReplyLines reply_lines(const std::vector<TextLine>& source) {
  ReplyLines lines;
  for (const auto& from : source) {
    ReplyLine line{.text = from.text, .content = trim_invisible(from.text)};
    line.depth = from.quote_depth;
    line.introduced = from.quote_depth > 0;
    line.is_quote = line.introduced || line.content.starts_with('>');  // Hotmail wrote "&gt; " before each line
    line.is_set_off = from.is_set_off;
    line.mark = from.mark;
    lines.push_back(line);
  }
  return lines;
}

void mark_broken_quotes(ReplyLines& lines) {
  auto text_before = false, was_broken = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto& line = lines[i];
    if (!line.is_free()) continue;
    auto below_quote = i > 0 && lines[i - 1].is_quote && line.depth == 0 && lines[i - 1].depth == 0;
    auto ends = i + 1 == lines.size() || lines[i + 1].is_blank() || lines[i + 1].is_quote;
    auto is_rest = text_before && below_quote && ends;
    if (is_rest && is_rest_of_quote(lines[i - 1].content, line.content, was_broken))
      line.is_quote = was_broken = true;
    else
      text_before = true, was_broken = false;
  }
}

}  // namespace answerable::mail
