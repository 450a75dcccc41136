#include "access/password_rules.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <vector>

#include "access/breached_passwords.h"
#include "access/password.h"

extern "C" {
extern const char answerable_common_passwords_begin[];
extern const char answerable_common_passwords_end[];
}

namespace answerable::access {
namespace {

using Words = std::unordered_set<std::string_view>;

constexpr std::size_t word_characters_max = 30;
constexpr std::size_t word_characters_min = 3;
// One word, two, or one and a letter: at most some millions of guesses. What needs more pieces is not for a list.
constexpr int pieces_max = 2;
constexpr std::size_t repeated_unit_max = 6;

bool is_ascii_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_beyond_ascii(char c) { return (c & 0x80) != 0; }
bool is_letter(char c) { return is_ascii_letter(c) || is_beyond_ascii(c); }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

void add_words(std::string_view text, Words& words) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && (is_letter(text[i]) || is_digit(text[i]))) continue;
    if (i - begin >= word_characters_min) words.insert(text.substr(begin, i - begin));
    begin = i + 1;
  }
}

const Words& common_words() {
  static const Words words = [] {
    std::string_view rest(
        answerable_common_passwords_begin,
        static_cast<std::size_t>(answerable_common_passwords_end - answerable_common_passwords_begin));
    Words found;
    while (!rest.empty()) {
      const auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (!line.starts_with('#')) add_words(line, found);
    }
    return found;
  }();
  return words;
}

// The letter that a digit or a sign stands for, with 1 for either i or l.
char spoken(char c, char one) {
  constexpr std::array<std::pair<char, char>, 9> looks{
      {{'0', 'o'}, {'3', 'e'}, {'4', 'a'}, {'5', 's'}, {'7', 't'}, {'8', 'b'}, {'@', 'a'}, {'$', 's'}, {'!', 'i'}}};
  if (c == '1') return one;
  for (const auto& [sign, letter] : looks) {
    if (c == sign) return letter;
  }
  return c;
}

std::string_view without_head(std::string_view text) {
  while (!text.empty() && !is_letter(text.front())) text.remove_prefix(1);
  return text;
}
std::string_view without_tail(std::string_view text) {
  while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
  return text;
}

// The ways in which one may have meant it: with and without digits and signs at its ends, as written and with
// look-alikes read as letters, forwards and backwards; letters and digits only.
std::vector<std::string> readings(std::string_view lower) {
  std::vector<std::string> found;
  for (const auto part : {lower, without_tail(lower), without_head(without_tail(lower))}) {
    for (const char one : {'1', 'i', 'l'}) {
      std::string reading;
      for (const char c : part) {
        const char read = one == '1' ? c : spoken(c, one);
        if (is_letter(read) || is_digit(read)) reading.push_back(read);
      }
      found.emplace_back(reading.rbegin(), reading.rend());
      found.push_back(std::move(reading));
    }
  }
  return found;
}

// The least number of pieces that the text is made of: a common word or any one character is one, a word of the
// person's own none.
int pieces_of(std::string_view text, const Words& own) {
  const auto& common = common_words();
  std::vector<int> least(text.size() + 1, 0);
  for (std::size_t end = 1; end <= text.size(); ++end) {
    least[end] = least[end - 1] + 1;
    const auto longest = std::min(end, word_characters_max);
    for (auto size = word_characters_min; size <= longest; ++size) {
      const auto word = text.substr(end - size, size);
      const auto before = least[end - size];
      if (own.contains(word))
        least[end] = std::min(least[end], before);
      else if (before < least[end] - 1 && common.contains(word))
        least[end] = before + 1;
    }
  }
  return least[text.size()];
}

// A short piece over and over, or a run such as 123456789012 or abcdefghijkl.
bool is_monotonous(std::string_view text) {
  for (std::size_t unit = 1; unit <= std::min(repeated_unit_max, text.size() / 2); ++unit) {
    if (text.substr(unit) == text.substr(0, text.size() - unit)) return true;
  }
  std::size_t steps = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const int step = text[i] - text[i - 1];
    if (step == 0 || step == 1 || step == -1 || step == -9 || step == 9) ++steps;
  }
  return steps + 2 >= text.size();
}

// The smallest piece of which the text is a repetition, or the whole.
std::string_view unit_of(std::string_view text) {
  for (std::size_t unit = 1; unit <= text.size() / 2; ++unit) {
    if (text.size() % unit == 0 && text.substr(unit) == text.substr(0, text.size() - unit)) return text.substr(0, unit);
  }
  return text;
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_common(const std::string& lower, const Words& own) {
  if (is_monotonous(lower)) return true;
  for (const auto& reading : readings(lower)) {
    if (!reading.empty() && pieces_of(unit_of(reading), own) <= pieces_max) return true;
  }
  return false;
}

}  // namespace

Status check_password_rules(std::string_view password, const PasswordContext& context) {
  const auto text = compose_password(password);
  const auto characters = count_characters(text);
  if (characters < password_characters_min_with_second ||
      (characters < password_characters_min && !context.has_second_factor))
    return fail(ErrorKind::invalid, "password_too_short",
                "A password needs at least 15 characters; 8 once a second factor is set up. A few words will do.");
  if (text.size() > password_bytes_max)
    return fail(ErrorKind::invalid, "password_too_long", "A password has at most 256 bytes.");
  const std::array own_texts{lowered(context.mail_address), lowered(context.name), lowered(context.workspace),
                             std::string("answerable")};
  Words own;
  for (const auto& own_text : own_texts) add_words(own_text, own);
  if (is_common(lowered(text), own))
    return fail(ErrorKind::invalid, "password_too_common",
                "This password is among the first that are guessed. Choose another.");
  if (context.breached == nullptr) return {};
  TRY(const bool is_breached, context.breached->contains(password));
  if (is_breached)
    return fail(ErrorKind::invalid, "password_breached",
                "This password was lost by another service, and is known to those who guess. Choose another.");
  return {};
}

bool needs_second_factor(std::string_view password) {
  return count_characters(compose_password(password)) < password_characters_min;
}

}  // namespace answerable::access
