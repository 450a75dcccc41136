#include "conversations/search_words.h"

#include "conversations/search_letters.h"

namespace answerable::conversations {
namespace {

constexpr char32_t ill_formed = 0xFFFD;

// Decodes one code point and moves on; ill-formed bytes count as U+FFFD, a gap.
char32_t next_letter(std::string_view text, std::size_t& at) {
  auto byte = static_cast<unsigned char>(text[at++]);
  if (byte < 0x80) return byte;
  int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
  if (byte < 0xC2 || byte > 0xF4 || at + static_cast<std::size_t>(more) > text.size()) return ill_formed;
  char32_t letter = byte & (0x3F >> more);
  for (; more > 0; --more) {
    auto next = static_cast<unsigned char>(text[at]);
    if ((next & 0xC0) != 0x80) return ill_formed;
    letter = letter << 6 | (next & 0x3F);
    ++at;
  }
  return letter;
}

class Splitter {
 public:
  explicit Splitter(const std::function<bool(const Word&)>& word) : word_(word) {}

  bool take(char32_t letter, std::size_t begin, std::size_t end) {
    folded_.clear();
    auto kind = fold_letter(letter, folded_);
    if (kind == Letter::mark) {
      if (!current_.folded.empty()) current_.end = end;
      return true;
    }
    const bool is_full = current_.folded.size() + folded_.size() > word_max_bytes;
    if ((kind != Letter::inside || is_full) && !finish()) return false;
    if (kind == Letter::gap) return true;
    if (current_.folded.empty()) current_.begin = begin;
    current_.folded += folded_;
    current_.end = end;
    return kind == Letter::inside || finish();
  }
  bool finish() {
    if (current_.folded.empty()) return true;
    const bool goes_on = word_(current_);
    current_.folded.clear();
    return goes_on;
  }

 private:
  const std::function<bool(const Word&)>& word_;
  Word current_;
  std::string folded_;
};

}  // namespace

void each_word(std::string_view text, const std::function<bool(const Word&)>& word) {
  Splitter splitter(word);
  for (std::size_t at = 0; at < text.size();) {
    auto begin = at;
    auto letter = next_letter(text, at);
    if (!splitter.take(letter, begin, at)) return;
  }
  splitter.finish();
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  each_word(text, [&](const Word& word) {
    words.push_back(word);
    return true;
  });
  return words;
}

std::string fold_words(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  each_word(text, [&](const Word& word) {
    if (!folded.empty()) folded += ' ';
    folded += word.folded;
    return true;
  });
  return folded;
}

}  // namespace answerable::conversations
