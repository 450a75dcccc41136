#include "mail/reply_text.h"

#include <algorithm>
#include <string>
#include <utility>

#include "mail/ascii.h"
#include "mail/reply_lines.h"
#include "mail/reply_phrases.h"

namespace answerable::mail {

namespace {

// Lines that follow each other as quotes, blank ones between them included.
struct Run {
  std::size_t begin = 0, end = 0;
  bool introduced = false, text_after = false, visible = false;
};

class ReplySplitter {
 public:
  explicit ReplySplitter(ReplyLines lines) : lines_(std::move(lines)) {}

  ReplyParts split() {
    claim_older_mail(lines_);
    mark_broken_quotes(lines_);
    claim_signatures(lines_);
    find_runs();
    choose_visible_runs();
    claim_runs();
    claim_end();
    return collect();
  }

 private:
  void find_runs() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const auto& line = lines_[i];
      if (line.part == Part::visible && line.is_quote) {
        if (runs_.empty() || has_text(runs_.back().end, i)) runs_.push_back({.begin = i});
        runs_.back().end = i + 1;
        runs_.back().introduced |= line.introduced;
      } else if (line.is_free()) {
        for (auto run = runs_.rbegin(); run != runs_.rend() && !run->text_after; ++run) run->text_after = true;
      }
    }
  }

  // Whether something other than blank lines stands in [begin, end).
  bool has_text(std::size_t begin, std::size_t end) const {
    for (auto i = begin; i < end; ++i)
      if (!lines_[i].is_blank()) return true;
    return false;
  }

  bool has_free_text(std::size_t begin, std::size_t end) const {
    for (auto i = begin; i < end; ++i)
      if (lines_[i].is_free()) return true;
    return false;
  }

  // Quotes are shown where the text answers them one by one, and where the person quoted something by hand. One answer
  // below one quote needs none, even where the end of the quote follows.
  void choose_visible_runs() {
    auto inline_answers = false;
    std::size_t gaps = 0;
    for (std::size_t k = 0; k < runs_.size(); ++k) {
      const auto& run = runs_[k];
      auto by_hand = !run.introduced && run.text_after;
      auto answered = has_free_text(run.end, k + 1 < runs_.size() ? runs_[k + 1].begin : lines_.size());
      gaps += answered ? 1 : 0;
      inline_answers = inline_answers || by_hand || gaps > 1;
    }
    for (std::size_t k = 0; k < runs_.size(); ++k) {
      auto& run = runs_[k];
      auto older_below = k + 1 < runs_.size() ? runs_[k + 1].introduced : has_older_below(run.end);
      run.visible = (inline_answers && run.text_after) || (!run.introduced && (older_below || is_announced(run)));
    }
    if (!has_free_text(0, lines_.size()) && std::ranges::none_of(runs_, &Run::introduced))
      for (auto& run : runs_) run.visible = true;
  }

  bool has_older_below(std::size_t i) const {
    while (i < lines_.size() && lines_[i].is_blank()) ++i;
    return i < lines_.size() && lines_[i].part == Part::quoted;
  }

  // "The log says:" right above: the person's own.
  bool is_announced(const Run& run) const {
    auto above = run.begin;
    while (above > 0 && lines_[above - 1].is_blank()) --above;
    return above > 0 && lines_[above - 1].is_free() && lines_[above - 1].content.ends_with(':');
  }

  void claim_runs() {
    for (const auto& run : runs_) {
      if (run.visible) continue;
      auto begin = run.begin, end = run.end;
      while (end < lines_.size() && lines_[end].is_blank()) ++end;
      while (begin > 0 && lines_[begin - 1].is_blank()) --begin;
      if (begin == 0 || lines_[begin - 1].part == Part::visible) begin = run.begin;  // not below its introduction
      for (auto i = begin; i < end; ++i) lines_[i].part = Part::quoted;
    }
  }

  // Rulers that end the text.
  void claim_end() {
    auto first = std::ranges::find_if(lines_, &ReplyLine::is_free);
    for (auto line = lines_.end(); line != first && line != first + 1;) {
      --line;
      if (line->part != Part::visible || line->is_blank()) continue;
      if (line->is_quote || !is_delimiter(line->content)) return;
      line->part = Part::signature;
    }
  }

  static void add(std::string& to, std::string_view line) {
    to += line;
    to += '\n';
  }

  static void add_visible(std::string& to, const ReplyLine& line) {
    auto text = line.text;
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    if (line.is_quote && line.depth > 0) to.append(line.depth, '>') += ' ';
    add(to, text);
  }

  ReplyParts collect() {
    ReplyParts parts;
    std::size_t blanks = 0, blanks_above = 0;  // around lines that are not shown the wider gap stays
    for (const auto& line : lines_) {
      if (line.part == Part::quoted) add(parts.quoted, line.text);
      if (line.part == Part::signature) add(parts.signature, line.text);
      if (line.part != Part::visible) {
        parts.folded_lines += line.is_blank() ? 0 : 1;
        blanks_above = std::max(blanks_above, std::exchange(blanks, 0));
      } else if (line.is_blank()) {
        ++blanks;
      } else {
        auto gap = std::max(std::exchange(blanks_above, 0), std::exchange(blanks, 0));
        if (!parts.visible.empty()) parts.visible.append(gap, '\n');
        add_visible(parts.visible, line);
      }
    }
    while (parts.visible.ends_with('\n')) parts.visible.pop_back();
    return parts;
  }

  ReplyLines lines_;
  std::vector<Run> runs_;
};

}  // namespace

ReplyParts split_reply(std::string_view text) { return ReplySplitter(reply_lines(text)).split(); }

ReplyParts split_reply(const std::vector<TextLine>& lines) { return ReplySplitter(reply_lines(lines)).split(); }

}  // namespace answerable::mail
