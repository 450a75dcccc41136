#include <algorithm>

#include "mail/reply_lines.h"
#include "mail/reply_phrases.h"

namespace answerable::mail {

namespace {

constexpr std::size_t max_signature_lines = 10;  // below a line of underscores; more is a text of its own
constexpr std::size_t max_notice_lines = 40;     // between two rulers

class Signatures {
 public:
  explicit Signatures(ReplyLines& lines) : lines_(lines) {}

  void claim() {
    claim_banner();
    auto text_before = false;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      auto& line = lines_[i];
      if (line.mark == LineMark::signature && line.part == Part::visible) line.part = Part::signature;
      if (!line.is_free()) continue;
      if (!text_before && is_mobile_footer(line.content))
        line.part = Part::signature;  // the text is still to come
      else if (begins_signature(i, text_before))
        i = claim_to_quote(i);
      else if (auto end = text_before ? end_of_ruled_notice(i) : i; end > i)
        i = give(i, end);
      else
        text_before = true;
    }
  }

 private:
  // What a gateway wrote above the mail, up to the first blank line.
  void claim_banner() {
    std::size_t i = 0;
    while (i < lines_.size() && lines_[i].is_blank()) ++i;
    if (i == lines_.size() || !lines_[i].is_free() || !is_banner(lines_[i].content)) return;
    auto end = i;
    while (end < lines_.size() && lines_[end].is_free()) ++end;
    if (std::none_of(lines_.begin() + static_cast<std::ptrdiff_t>(end), lines_.end(),
                     [](const ReplyLine& line) { return line.is_free(); }))
      return;
    for (; i < end; ++i) lines_[i].part = Part::signature;
  }

  bool begins_signature(std::size_t i, bool text_before) const {
    auto content = lines_[i].content;
    if (content == "--") return text_before || is_dashes_and_blank(lines_[i].text);
    if (!text_before) return false;
    if (is_mobile_footer(content)) return true;
    if (is_dotted_ruler(content)) return is_short_below(i);
    if (is_delimiter(content) && is_signed_above(i)) return is_short_below(i);
    if (content.size() >= 2 && content.front() == '_' && is_delimiter(content))
      return is_short_below(i) && !sets_off(i);
    return is_notice(content) || (is_notice_heading(content) && is_notice_below(i));
  }

  // A blank line below: the ruler stands between two parts of the text.
  bool sets_off(std::size_t i) const {
    return i + 1 < lines_.size() && lines_[i + 1].is_blank() && i > 0 && lines_[i - 1].is_blank();
  }

  // "All the best," / "Anna" and a blank line: what stands below a ruler here is no text any more.
  bool is_signed_above(std::size_t i) const {
    if (i == 0 || !lines_[i - 1].is_blank()) return false;
    auto name = line_above(i);
    return name < i && is_short_name(lines_[name].content) && line_above(name) < name &&
           is_closing(lines_[line_above(name)].content);
  }

  // The person's line above, blank ones passed; `i` when there is none.
  std::size_t line_above(std::size_t i) const {
    for (auto above = i; above > 0;)
      if (lines_[--above].is_free()) return above;
    return i;
  }

  // One past the notice that the ruler at `i` sets off: to the next ruler of its kind, or, when the first paragraph
  // says what it is, as far as it goes. `i` when there is none.
  std::size_t end_of_ruled_notice(std::size_t i) const {
    if (!is_rule(lines_[i].content)) return i;
    auto text = false, first_paragraph = true, tells = false, tells_at_once = false;
    auto end = i + 1;
    for (; is_open(end) && (tells_at_once || end - i <= max_notice_lines); ++end) {
      const auto& line = lines_[end];
      if (is_rule(line.content) && line.content.front() == lines_[i].content.front()) return tells ? end + 1 : i;
      first_paragraph = first_paragraph && !(text && line.is_blank());
      text = text || !line.is_blank();
      tells = tells || (text && tells_notice(line.content));
      tells_at_once = tells_at_once || (tells && first_paragraph);
    }
    return tells_at_once ? end : i;
  }

  bool is_notice_below(std::size_t i) const {
    for (++i; i < lines_.size(); ++i)
      if (!lines_[i].is_blank())
        return lines_[i].is_free() && (is_notice(lines_[i].content) || end_of_ruled_notice(i) > i);
    return false;
  }

  static bool is_dashes_and_blank(std::string_view text) { return text.starts_with("-- "); }

  bool is_short_below(std::size_t i) const {
    std::size_t below = 0;
    for (++i; i < lines_.size() && below <= max_signature_lines; ++i) {
      if (lines_[i].part != Part::visible || lines_[i].is_quote) break;
      below += lines_[i].is_blank() ? 0 : 1;
    }
    return below <= max_signature_lines;
  }

  bool is_open(std::size_t i) const {
    return i < lines_.size() && lines_[i].part == Part::visible && !lines_[i].is_quote;
  }

  std::size_t claim_to_quote(std::size_t i) {
    auto end = i;
    while (is_open(end)) ++end;
    return give(i, end);
  }

  // Gives the last line that is settled.
  std::size_t give(std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) lines_[i].part = Part::signature;
    return end - 1;
  }

  ReplyLines& lines_;
};

}  // namespace

void claim_signatures(ReplyLines& lines) { Signatures(lines).claim(); }

}  // namespace answerable::mail
