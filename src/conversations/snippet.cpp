#include "conversations/snippet.h"

#include <algorithm>

#include "base/html_escape.h"
#include "base/utf8.h"
#include "conversations/search_words.h"

namespace answerable::conversations {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  bool after_blank = false;
  for (char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (is_blank && after_blank) continue;
    after_blank = is_blank;
    append_html_escaped(out, is_blank ? " " : std::string_view(&c, 1));
  }
  return out;
}

bool fits(const Clause& clause, std::size_t index, const std::string& word) {
  const bool may_go_on = clause.is_beginning && index + 1 == clause.words.size();
  return may_go_on ? word.starts_with(clause.words[index]) : word == clause.words[index];
}

// How many words from `at` on are a hit; 0: none.
std::size_t hit_length(const std::vector<Word>& words, std::size_t at, const std::vector<Clause>& clauses) {
  std::size_t longest = 0;
  for (const auto& clause : clauses) {
    if (at + clause.words.size() > words.size()) continue;
    std::size_t same = 0;
    while (same < clause.words.size() && fits(clause, same, words[at + same].folded)) ++same;
    if (same == clause.words.size()) longest = std::max(longest, same);
  }
  return longest;
}

struct Span {
  std::size_t begin, end;
};

std::string mark(std::string_view text, Span window, const std::vector<Span>& hits) {
  std::string out = window.begin > 0 ? "… " : "";
  std::size_t at = window.begin;
  for (const auto& hit : hits) {
    out += escape(text.substr(at, hit.begin - at));
    out += "<mark>" + escape(text.substr(hit.begin, hit.end - hit.begin)) + "</mark>";
    at = hit.end;
  }
  out += escape(text.substr(at, window.end - at));
  if (window.end < text.size()) out += " …";
  return out;
}

}  // namespace

std::optional<std::string> find_snippet(std::string_view text, const std::vector<Clause>& clauses) {
  auto words = words_of(text);
  std::optional<Span> window;
  std::vector<Span> hits;
  std::size_t first_word = 0;
  for (std::size_t i = 0; i < words.size();) {
    if (window && words[i].end > window->begin + snippet_max_bytes) break;
    auto length = hit_length(words, i, clauses);
    if (!window && length > 0) {
      for (first_word = i; first_word > 0 && words[i].begin - words[first_word - 1].begin <= snippet_before_bytes;)
        --first_word;
      window = Span{.begin = first_word == 0 ? 0 : words[first_word].begin, .end = 0};
      if (words[i].begin - window->begin > snippet_before_bytes) window->begin = words[first_word].begin;
    }
    auto last = words[i + std::max<std::size_t>(length, 1) - 1];
    if (window) window->end = last.end;
    if (length > 0) hits.push_back({.begin = words[i].begin, .end = last.end});
    i += std::max<std::size_t>(length, 1);
  }
  if (!window) return std::nullopt;
  // What follows the last word, if that is all there is: a full stop, a bracket.
  if (text.size() - window->end <= 8) window->end = text.size();
  return mark(text, *window, hits);
}

std::string plain_snippet(std::string_view text) {
  return escape(one_line(truncate_utf8(text, snippet_max_bytes * 4), snippet_max_bytes));
}

}  // namespace answerable::conversations
