#include "mail/reply_text.h"

#include <algorithm>
#include <array>

#include "mail/ascii.h"
#include "mail/limits.h"
#include "mail/reply_words.h"

namespace answerable::mail {

namespace {

enum class Part : std::uint8_t { visible, quoted, signature };

struct Line {
  std::string_view text;     // as written, for the result
  std::string_view content;  // trimmed
  bool is_quote = false;
  LineMark mark = LineMark::none;
  Part part = Part::visible;

  bool is_blank() const { return content.empty(); }
  bool is_free() const { return part == Part::visible && !is_quote && !is_blank(); }
};

// Four passes over the lines, each gives some of them to another part. What no pass claims stays visible.
class ReplySplitter {
 public:
  explicit ReplySplitter(std::vector<Line> lines) : lines_(std::move(lines)) {}

  ReplyParts split() {
    claim_quotes();
    claim_earlier_mail();
    claim_attributions();
    claim_signatures();
    return collect();
  }

 private:
  void claim_quotes() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      auto& line = lines_[i];
      if (line.is_quote) line.part = Part::quoted;
      if (line.is_quote) after_quotes_ = i + 1;
      if (line.mark == LineMark::attribution) line.part = Part::quoted;
      if (line.mark == LineMark::signature) line.part = Part::signature;
    }
  }

  // From here on everything is an older mail: there is no way to tell an answer in it from what it answers.
  void claim_earlier_mail() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const auto& line = lines_[i];
      if (line.is_quote || line.is_blank()) continue;
      auto begins = line.mark == LineMark::earlier || is_original_marker(line.content) ||
                    is_forward_marker(line.content) || is_header_block(i) || is_unquoted_attribution(i);
      if (!begins) continue;
      auto start = begin_of_block(i);
      if (!has_text_before(start) && !is_quoted_below(i))
        return;                  // a forward without a word of its own is all there is
      if (is_quoted_below(i)) {  // the marker stands above quoted lines: only those are older
        for (auto k = start; k <= end_of_block(i); ++k) lines_[k].part = Part::quoted;
        continue;
      }
      for (auto k = start; k < lines_.size(); ++k) lines_[k].part = Part::quoted;
      return;
    }
  }

  // The next line with text after the header block or marker at `i` is a quote.
  bool is_quoted_below(std::size_t i) const {
    auto next = end_of_block(i) + 1;
    while (next < lines_.size() && lines_[next].is_blank()) ++next;
    return next < lines_.size() && lines_[next].is_quote;
  }

  std::size_t end_of_block(std::size_t i) const {
    auto end = i;
    while (end + 1 < lines_.size() && end < i + 8 && !lines_[end + 1].is_quote &&
           header_label(lines_[end + 1].content) != HeaderLabel::none)
      ++end;
    return end;
  }

  // A ruler of Outlook above the header block belongs to it.
  std::size_t begin_of_block(std::size_t i) const {
    auto above = i;
    while (above > 0 && lines_[above - 1].is_blank() && i - above < 3) --above;
    return above > 0 && is_rule(lines_[above - 1].content) ? above - 1 : i;
  }

  bool has_text_before(std::size_t i) const {
    return std::ranges::any_of(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(i),
                               [](const Line& line) { return line.is_free(); });
  }

  // From, and at least two of Sent, To, Cc, Subject, within eight lines without a gap of more than one.
  bool is_header_block(std::size_t i) const {
    if (header_label(lines_[i].content) == HeaderLabel::none) return false;
    std::array<bool, 6> seen{};
    std::size_t gap = 0;
    for (auto k = i; k < lines_.size() && k < i + 10 && gap < 2; ++k) {
      auto label = lines_[k].is_quote ? HeaderLabel::none : header_label(lines_[k].content);
      if (label == HeaderLabel::none)
        ++gap;  // a folded To, or a blank line between fields
      else
        gap = 0;
      seen[static_cast<std::size_t>(label)] = true;
    }
    seen[0] = false;
    return seen[static_cast<std::size_t>(HeaderLabel::from)] && std::ranges::count(seen, true) >= 3;
  }

  // An attribution after which no line is quoted: clients that do not mark what they quote.
  bool is_unquoted_attribution(std::size_t i) const {
    for (std::size_t count = 1; count <= 3 && i + count <= lines_.size(); ++count) {
      auto text = joined(i, count);
      if (text.empty()) return false;
      if (!is_certain_attribution(text)) continue;
      return begins_attribution(lines_[i].content) && i + count >= after_quotes_;
    }
    return false;
  }

  // `count` lines from `i`, joined; empty when one of them is blank or quoted.
  std::string joined(std::size_t i, std::size_t count) const {
    std::string text;
    for (auto k = i; k < i + count; ++k) {
      if (lines_[k].is_blank() || lines_[k].is_quote || lines_[k].part != Part::visible) return {};
      if (!text.empty()) text += ' ';
      text += lines_[k].content;
    }
    return text;
  }

  // The lines above each run of quoted ones that introduce it.
  void claim_attributions() {
    for (std::size_t i = 1; i < lines_.size(); ++i) {
      if (!lines_[i].is_quote || lines_[i - 1].is_quote) continue;
      auto last = i - 1;
      while (last > 0 && lines_[last].is_blank()) --last;
      claim_attribution_ending_at(last);
    }
  }

  // The shortest reading that begins as an attribution does; else the last line alone. A date or an address in a line
  // above counts only when the last line cannot stand alone ("wrote:", "<name@example.com> wrote:"): it may be the
  // answer.
  void claim_attribution_ending_at(std::size_t last) {
    auto end = lines_[last].content;
    auto incomplete = end.starts_with('<') || begins_with_verb(end);
    std::size_t claimed = is_attribution(end) ? 1 : 0;
    for (std::size_t count = 1; count <= 4 && count <= last + 1; ++count) {
      auto first = last + 1 - count;
      auto text = joined(first, count);
      if (text.empty()) break;
      auto begins = begins_with_attribution_word(lines_[first].content) ||
                    ((count == 1 || incomplete) && begins_attribution(lines_[first].content));
      if (!begins || !is_attribution(text)) continue;
      claimed = count;
      break;
    }
    for (std::size_t k = 0; k < claimed; ++k) lines_[last - k].part = Part::quoted;
  }

  void claim_signatures() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!lines_[i].is_free()) continue;
      auto raw = lines_[i].text;
      while (raw.ends_with('\r')) raw.remove_suffix(1);
      if (raw == "-- " || raw == "--" || raw == "--\xC2\xA0" || raw == "—")
        claim_to_next_quote(i);
      else if (is_mobile_footer(lines_[i].content))
        lines_[i].part = Part::signature;
      else if (is_list_footer(i))
        claim_to_next_quote(i);
    }
  }

  void claim_to_next_quote(std::size_t i) {
    for (; i < lines_.size() && lines_[i].part == Part::visible; ++i) lines_[i].part = Part::signature;
  }

  // Mailing lists end every mail with a long ruler and a few lines.
  bool is_list_footer(std::size_t i) const {
    if (!is_rule(lines_[i].content) || lines_[i].content.front() != '_' || lines_[i].content.size() < 40) return false;
    return has_text_before(i) && lines_.size() - i <= 8;
  }

  static void add(std::string& to, std::string_view line) {
    to += line;
    to += '\n';
  }

  ReplyParts collect() {
    ReplyParts parts;
    std::size_t blanks = 0;
    bool folded = false;  // lines between the last visible one and this one are not shown: one blank line stands there
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const auto& line = lines_[i];
      if (line.part == Part::quoted) add(parts.quoted, line.text);
      if (line.part == Part::signature) add(parts.signature, line.text);
      if (line.part != Part::visible) {
        parts.folded_lines += line.is_blank() ? 0 : 1;
        folded = true;
        continue;
      }
      if (line.is_blank()) {
        ++blanks;
        continue;
      }
      if (!parts.visible.empty() && is_rule(line.content) && is_last_visible(i)) continue;
      if (!parts.visible.empty()) parts.visible.append(folded ? 1 : std::min<std::size_t>(blanks, 2), '\n');
      blanks = 0;
      folded = false;
      auto text = line.text;
      while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
      add(parts.visible, text);
    }
    while (parts.visible.ends_with('\n')) parts.visible.pop_back();
    return parts;
  }

  bool is_last_visible(std::size_t i) const {
    return i + 1 < lines_.size() && std::ranges::none_of(lines_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                                         lines_.end(), [](const Line& line) { return line.is_free(); });
  }

  std::vector<Line> lines_;
  std::size_t after_quotes_ = 0;  // index after the last quoted line
};

std::string_view trim_wide(std::string_view text) {
  text = trim(text);
  while (text.starts_with("\xC2\xA0")) text = trim(text.substr(2));
  while (text.ends_with("\xC2\xA0")) text = trim(text.substr(0, text.size() - 2));
  return text;
}

}  // namespace

ReplyParts split_reply(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    auto end = lines.size() + 1 >= max_reply_lines ? std::string_view::npos : text.find('\n');
    auto raw = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    Line line{.text = raw, .content = trim_wide(raw)};
    line.is_quote = line.content.starts_with('>');
    lines.push_back(line);
  }
  return ReplySplitter(std::move(lines)).split();
}

ReplyParts split_reply(const std::vector<TextLine>& source) {
  std::vector<Line> lines;
  for (const auto& from : source) {
    Line line{.text = from.text, .content = trim_wide(from.text)};
    line.is_quote = from.quote_depth > 0;
    line.mark = from.mark;
    lines.push_back(line);
  }
  return ReplySplitter(std::move(lines)).split();
}

}  // namespace answerable::mail
