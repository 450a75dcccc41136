#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "mail/reply_lines.h"
#include "mail/reply_phrases.h"

namespace answerable::mail {

namespace {

constexpr std::size_t max_introduction_lines = 5, max_block_lines = 12;

enum class Older : std::uint8_t { none, introduction, header_block, original, forward };

struct Boundary {
  Older kind = Older::none;
  std::size_t first = 0, last = 0;  // lines, both included
  bool needs_quote = false;         // only with a quote right below
};

std::string_view without_marks(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of("> "), line.size()));
  return line;
}

class OlderMail {
 public:
  explicit OlderMail(ReplyLines& lines) : lines_(lines) {}

  void claim() {
    table_head_ = find_table_head(lines_);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      auto& line = lines_[i];
      if (line.is_quote && (i == 0 || !lines_[i - 1].is_quote)) look_into_quote(i);
      if (line.is_quote || line.is_blank()) continue;
      auto boundary = find_boundary(i);
      if (boundary.kind != Older::none) i = pass(boundary);
      if (i < lines_.size() && lines_[i].is_free()) first_text_ = std::min(first_text_, i);
    }
  }

 private:
  // What a boundary means depends on what stands below and above it. Gives the last line that is settled.
  std::size_t pass(const Boundary& boundary) {
    auto text_above = first_text_ < boundary.first;
    if (boundary.kind == Older::forward && !text_above) return keep_from(boundary.first);
    auto next = next_text(boundary.last + 1);
    auto quote = next < lines_.size() && (lines_[next].is_quote || lines_[next].is_set_off);
    if (boundary.needs_quote && !quote) return boundary.last;
    if (quote) {
      give(boundary.first, boundary.last);
      mark_introduced(next, boundary.kind == Older::forward);
      return boundary.last;
    }
    if (text_above) {
      give(boundary.first, lines_.size() - 1);
      return lines_.size();
    }
    if (boundary.kind == Older::original) return keep_from(boundary.first);
    give(boundary.first, boundary.last);  // the text below is all there is
    return boundary.last;
  }

  // A forward without a word above is shown whole: its head says whose words these are.
  std::size_t keep_from(std::size_t first) {
    for (auto i = first; i < lines_.size(); ++i) lines_[i].is_quote = false;
    return lines_.size();
  }

  Boundary find_boundary(std::size_t i) const {
    auto content = lines_[i].content;
    if (lines_[i].mark == LineMark::attribution) return {Older::introduction, i, end_of_mark(i)};
    if (lines_[i].mark == LineMark::earlier) return {Older::header_block, begin_of_block(i), end_of_block(i)};
    if (i == table_head_.begin && table_head_.end > i) return {Older::header_block, i, table_head_.end - 1};
    if (is_original_marker(content)) return {Older::original, begin_of_block(i), end_of_block(i)};
    if (is_forward_marker(content)) return {Older::forward, i, end_of_block(i)};
    if (is_header_block(i)) return {Older::header_block, begin_of_block(i), end_of_block(i)};
    return may_end_introduction(content) ? introduction_ending_at(i) : Boundary{};
  }

  // The fewest lines that make a certain introduction; else the fewest that make a possible one.
  Boundary introduction_ending_at(std::size_t last) const {
    Boundary best;
    std::string text;
    auto begins_above = false;
    for (std::size_t first = last, count = 0; count < max_introduction_lines; ++count) {
      text = text.empty() ? std::string(lines_[first].content) : std::string(lines_[first].content) + ' ' + text;
      auto kind = introduction(text);
      if (kind == Introduction::certain) {
        auto complete = !may_begin_above(first, text);
        if (complete || best.kind == Older::none) best = {Older::introduction, first, last, false};
        if (complete) return best;
      } else if (kind != Introduction::none && best.kind == Older::none) {
        best = {Older::introduction, first, last, true};
        begins_above = kind == Introduction::open;
      } else if (kind == Introduction::open && begins_above) {
        best.first = first;
      }
      auto above = line_above(first);
      if (above == first || ends_sentence(lines_[above].content)) break;
      first = above;
    }
    return best;
  }

  // "23 mar 2026 21:25 "Anna" / "Berg" <anna@example.org> wrote:": the last line would do, but the date is above.
  bool may_begin_above(std::size_t first, std::string_view text) const {
    auto above = line_above(first);
    return above != first && !tells_date(text) && is_date_first(lines_[above].content);
  }

  static bool is_date_first(std::string_view content) {
    return introduction(std::string(content) + " <a@a>:") == Introduction::certain;
  }

  // The line that an introduction may go on from; `i` when there is none. A blank one is passed before "<address>".
  std::size_t line_above(std::size_t i) const {
    auto above = i;
    if (above == 0) return i;
    --above;
    if (lines_[above].is_blank() && above > 0 && lines_[i].content.front() == '<') --above;
    const auto& line = lines_[above];
    auto usable = line.is_free() && !line.is_quote && line.mark == LineMark::none;
    return usable ? above : i;
  }

  // From and Subject or an address, or Date and To with an address, within a few lines without a wide gap.
  bool is_header_block(std::size_t i) const {
    auto label = header_label(lines_[i].content);
    if (label == HeaderLabel::none || label == HeaderLabel::cc) return false;
    if (holds_header_block(lines_[i].content)) return true;
    std::array<bool, 6> seen{};
    auto count = 0, gap = 0;
    auto address = false, timed = false;
    for (auto k = i; k < lines_.size() && k < i + max_block_lines && gap < 2; ++k) {
      const auto& line = lines_[k];
      auto found = line.is_quote ? HeaderLabel::none : header_label(line.content);
      gap = found == HeaderLabel::none ? gap + 1 : 0;  // a folded To, or a blank line between fields
      address = address || (gap == 0 && line.content.find('@') != std::string_view::npos);
      // From, To, Date are what travellers ask for too: a time counts only where a mail has it.
      timed = timed || (found == HeaderLabel::sent && !seen[static_cast<std::size_t>(HeaderLabel::to)] &&
                        tells_time(line.content));
      count += found != HeaderLabel::none && !std::exchange(seen[static_cast<std::size_t>(found)], true) ? 1 : 0;
    }
    auto has = [&](HeaderLabel wanted) { return seen[static_cast<std::size_t>(wanted)]; };
    if (has(HeaderLabel::from)) {
      if (count >= 3 && has(HeaderLabel::subject)) return true;
      auto mailed = has(HeaderLabel::sent) || has(HeaderLabel::subject);
      return count >= 2 && mailed && (address || timed || begin_of_block(i) != i);
    }
    return label == HeaderLabel::sent && has(HeaderLabel::to) && address;
  }

  std::size_t end_of_block(std::size_t i) const {
    auto end = i;
    for (auto k = i + 1; k < lines_.size() && k <= end + 2 && k < i + max_block_lines && !lines_[k].is_quote; ++k) {
      if (header_label(lines_[k].content) != HeaderLabel::none) end = k;
      if (lines_[k].is_blank() && k > i + 1 && end + 1 < k) break;
    }
    return end;
  }

  std::size_t end_of_mark(std::size_t i) const {
    while (i + 1 < lines_.size() && lines_[i + 1].mark == lines_[i].mark) ++i;
    return i;
  }

  // A ruler above the header block belongs to it, and so does an introduction without a colon.
  std::size_t begin_of_block(std::size_t i) const {
    auto above = i;
    while (above > 0 && lines_[above - 1].is_blank() && i - above < 3) --above;
    if (above == 0) return i;
    const auto& line = lines_[above - 1];
    if (!line.is_free()) return i;
    auto introduces = !line.content.ends_with(':') && introduction(line.content) == Introduction::possible;
    return introduces || is_rule(line.content) ? above - 1 : i;
  }

  std::size_t next_text(std::size_t i) const {
    while (i < lines_.size() && lines_[i].is_blank()) ++i;
    return i;
  }

  void give(std::size_t first, std::size_t last) {
    if (first_text_ >= first) first_text_ = none_yet;  // the first line of an introduction that goes on
    for (auto k = first; k <= last; ++k) lines_[k].part = Part::quoted;
  }

  // Nobody answers line by line what is forwarded: what stands between quoted lines there was broken off them.
  void mark_introduced(std::size_t i, bool forwarded = false) {
    auto set_off = lines_[i].is_set_off;
    auto belongs = [&](std::size_t at) {
      const auto& line = lines_[at];
      if (line.is_quote || (set_off && (line.is_set_off || line.is_blank()))) return true;
      return forwarded && line.is_free() && at + 1 < lines_.size() && lines_[at + 1].is_quote;
    };
    for (; i < lines_.size() && belongs(i); ++i) lines_[i].is_quote = lines_[i].introduced = !lines_[i].is_blank();
  }

  // Some programs put the introduction inside the quote: "> On Monday, Anna wrote:".
  void look_into_quote(std::size_t first) {
    if (first_text_ < first && is_lone_quoted_line_above_all(first)) return give(first, lines_.size() - 1);
    if (lines_[first].introduced) return;
    if (first_text_ < first && is_quoted_head(first)) return mark_introduced(first);
    std::string text;
    for (auto i = first, count = std::size_t{0}; i < lines_.size() && lines_[i].is_quote && count < 3; ++i) {
      auto content = without_marks(lines_[i].content);
      if (content.empty()) continue;
      text += (text.empty() ? "" : " ") + std::string(content);
      ++count;
      auto forward = is_forward_marker(content), original = is_original_marker(content);
      if ((forward || original) && first_text_ >= first) return void(keep_from(first));
      auto introduced = may_end_introduction(content) && introduction(text) == Introduction::certain;
      if (introduced || forward || original) return mark_introduced(first);
    }
  }

  // "> -- REPLY ABOVE THIS LINE --", and nothing else is marked: what follows lost its marks.
  bool is_lone_quoted_line_above_all(std::size_t first) const {
    auto content = lines_[first].content;
    content.remove_prefix(std::min(content.find_first_not_of("> -"), content.size()));
    if (!is_banner(content)) return false;
    return std::none_of(lines_.begin() + static_cast<std::ptrdiff_t>(first) + 1, lines_.end(),
                        [](const ReplyLine& line) { return line.is_quote; });
  }

  // "> Message du 23/11/26", "> De : Anna", "> A : Shop", as some webmail writes the head above a quote.
  bool is_quoted_head(std::size_t first) const {
    std::array<bool, 6> seen{};
    for (auto i = first; i < lines_.size() && i < first + max_block_lines && lines_[i].is_quote; ++i) {
      seen[static_cast<std::size_t>(header_label(without_marks(lines_[i].content)))] = true;
    }
    auto has = [&](HeaderLabel label) { return seen[static_cast<std::size_t>(label)]; };
    return has(HeaderLabel::from) && has(HeaderLabel::to) && has(HeaderLabel::subject);
  }

  static constexpr auto none_yet = static_cast<std::size_t>(-1);

  ReplyLines& lines_;
  TableHead table_head_;
  std::size_t first_text_ = none_yet;  // the first line that is the person's
};

}  // namespace

void claim_older_mail(ReplyLines& lines) { OlderMail(lines).claim(); }

}  // namespace answerable::mail
