#include "mail/reply_phrases.h"

#include <algorithm>
#include <array>

#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/letter_case.h"
#include "mail/phrase_set.h"
#include "mail/reply_words.h"

namespace answerable::mail {

namespace {

using List = std::string_view ReplyWords::*;

PhraseSet collect(List list) {
  PhraseSet set;
  for (const auto& words : reply_words()) set.add(words.*list);
  return set;
}

const PhraseSet& wrote() {
  static const auto set = collect(&ReplyWords::wrote);
  return set;
}

const PhraseSet& begins() {
  static const auto set = collect(&ReplyWords::begin);
  return set;
}

bool is_decoration(char c) { return c == '*' || c == '_' || c == '-' || c == '=' || c == '#' || is_space(c); }

std::string_view strip(std::string_view text, auto is_stripped) {
  while (!text.empty() && is_stripped(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_stripped(text.back())) text.remove_suffix(1);
  return text;
}

// Bytes at the front of `text` that a reader does not see; 0 when it begins with something visible.
std::size_t invisible_bytes(std::string_view text) {
  if (text.starts_with("\xC2\xAD")) return 2;  // soft hyphen
  if (text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xD8\x9C")) return text[0] == '\xEF' ? 3 : 2;
  if (text.size() < 3 || text[0] != '\xE2') return 0;
  auto second = static_cast<unsigned char>(text[1]), third = static_cast<unsigned char>(text[2]);
  if (second == 0x80) return (third >= 0x8B && third <= 0x8F) || (third >= 0xAA && third <= 0xAE) ? 3 : 0;
  return second == 0x81 && third >= 0xA0 && third <= 0xA9 ? 3 : 0;
}

struct Spelling {
  std::string_view from, to;
};

// Spellings of one sign.
constexpr std::array spellings{Spelling{"\xC2\xA0", " "},
                               Spelling{"\xE2\x80\xAF", " "},
                               Spelling{"\xE2\x80\xA8", " "},
                               Spelling{"\xE3\x80\x80", " "},
                               Spelling{"：", ":"},
                               Spelling{"’", "'"},
                               Spelling{"‘", "'"},
                               Spelling{"“", "\""},
                               Spelling{"”", "\""},
                               Spelling{"„", "\""},
                               Spelling{"«", "\""},
                               Spelling{"»", "\""},
                               Spelling{"İ", "i"},
                               Spelling{"–", "-"},
                               Spelling{"—", "-"},
                               Spelling{"‑", "-"}};

// Arabic-Indic and Persian digits, as the digit that they mean.
char digit_of(std::string_view text) {
  if (text.size() < 2) return 0;
  auto second = static_cast<unsigned char>(text[1]);
  if (text[0] == '\xD9' && second >= 0xA0 && second <= 0xA9) return static_cast<char>('0' + second - 0xA0);
  if (text[0] == '\xDB' && second >= 0xB0 && second <= 0xB9) return static_cast<char>('0' + second - 0xB0);
  return 0;
}

// Appends the sign at the front of `text` to `out` as it is compared, and gives its bytes.
std::size_t fold_sign(std::string_view text, std::string& out) {
  if (static_cast<unsigned char>(text[0]) < 0x80) return out += text[0], 1;
  if (auto bytes = invisible_bytes(text); bytes > 0) return bytes;
  if (auto digit = digit_of(text); digit != 0) return out += digit, 2;
  constexpr std::string_view leads = "\xC2\xC4\xE2\xE3\xEF";  // of all spellings
  if (leads.find(text[0]) == leads.npos) return out += text[0], 1;
  for (const auto& spelling : spellings)
    if (text.starts_with(spelling.from)) return out += spelling.to, spelling.from.size();
  return out += text[0], 1;
}

// Dates and times as all clients write them: 2026, 23.11.26, 11/23/2026, 18:01.
struct When {
  bool date = false, time = false;
  std::size_t at = std::string_view::npos;  // of the first digit
  bool any() const { return date || time; }
};

std::size_t digits_at(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// A group of at most two digits at `at`, then one of `signs`, then digits.
bool is_pair(std::string_view text, std::size_t at, std::string_view signs) {
  auto first = digits_at(text, at);
  auto sign = at + first;
  return first >= 1 && first <= 2 && sign + 1 < text.size() && signs.find(text[sign]) != signs.npos &&
         is_digit(text[sign + 1]);
}

// "kl. 10.00", "klo 10.00", "alle ore 10.00": without the word before it, it may be a sum of money.
bool is_dotted_time(std::string_view text, std::size_t at) {
  if (!is_pair(text, at, ".") || digits_at(text, text.find('.', at) + 1) != 2) return false;
  auto before = text.substr(0, at);
  return std::ranges::any_of(std::array{"kl. ", "kl ", "klo ", "kello ", "ore ", "pukul ", "klokken "},
                             [&](std::string_view word) { return before.ends_with(word); });
}

When find_when(std::string_view text) {
  When when;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto digits = digits_at(text, i);
    if (digits == 0) continue;
    if (when.at == text.npos) when.at = i;
    when.date |= digits == 4 && (text.substr(i, 2) == "19" || text.substr(i, 2) == "20");
    when.date |= is_pair(text, i, "./-") && is_pair(text, i + digits + 1, "./-");
    when.time |= (is_pair(text, i, ":") && digits_at(text, i + digits + 1) == 2) || is_dotted_time(text, i);
    i += digits;
  }
  return when;
}

constexpr std::size_t max_name_bytes = 80;

bool begins_introduction(std::string_view text, const When& when) {
  if (begins().starts_word(text)) return true;
  return is_digit(text.front()) && when.any();
}

bool begins_with_address(std::string_view text) {
  auto word = text.substr(0, text.find(' '));
  return word.find('@') != word.npos && word.find_first_of("<>") == word.npos;
}

// "<anna@example.org> wrote:", and what a line break left: "anna@example.org> wrote:", ">:".
bool begins_in_address(std::string_view text) {
  if (text.starts_with('<') || text.starts_with("mailto:")) return true;
  auto close = text.find_first_of(">)");
  return close != text.npos && close < text.find_first_of("<(");
}

// "Anna Berg <anna@example.org> wrote:": nothing but a name before the address.
bool names_sender_first(std::string_view text) {
  if (begins_with_address(text)) return true;
  auto at = text.find('@'), open = text.find('<');
  return open != text.npos && at != text.npos && open < max_name_bytes && open < at;
}

// `is_amid_sentence`: "on Monday the courier wrote:" is what a person tells; programs begin with a capital.
Introduction introduction_with_verb(std::string_view text, std::size_t verb, const When& when, bool colon,
                                    bool is_amid_sentence) {
  auto begins = begins_introduction(text, when);
  if (!colon && !wrote().ends(text)) return when.date && begins ? Introduction::possible : Introduction::none;
  // Programs write the hour too, or the address; who tells of a letter writes the day alone. Nobody tells the reader of
  // the reader's own letter by its year: "On 24 Nov 2026 you wrote:"
  auto as_programs = when.time || text.find('@') != text.npos || (when.date && colon && text.ends_with(" you wrote"));
  if (when.any() && begins) return is_amid_sentence || !as_programs ? Introduction::possible : Introduction::certain;
  if (!colon) return Introduction::none;
  if (begins_in_address(text) || wrote().starts(text)) return Introduction::open;
  // Anna wrote on Monday, 23 Nov 2026 at 18:01:
  auto name_verb_date = verb < max_name_bytes && verb < when.at && when.date && when.time;
  if (names_sender_first(text) || name_verb_date) return Introduction::certain;
  return Introduction::possible;
}

Introduction introduction_without_verb(std::string_view text, const When& when, bool colon) {
  auto address = text.find('@') != text.npos;
  auto dated = is_digit(text.front()) && when.date;
  // 2026-11-24 10:00 GMT+01:00 Anna Berg, and 2026/11/24 Anna Berg <anna@example.org>
  auto zoned = text.find(" gmt+") != text.npos || text.find(" gmt-") != text.npos;  // a line of a log says "GMT"
  if (dated && when.time && zoned) return Introduction::certain;
  if (dated && address && text.ends_with('>') && text.size() < 200) return Introduction::certain;
  if (!colon) return Introduction::none;
  auto addressed = text.ends_with('>') || text.ends_with(')');
  if (addressed && address && when.any() && begins_introduction(text, when)) return Introduction::certain;
  if (begins_in_address(text)) return Introduction::open;
  return address || when.date ? Introduction::possible : Introduction::none;
}

HeaderLabel label_of(std::string_view label) {
  static const std::array sets{collect(&ReplyWords::from), collect(&ReplyWords::subject), collect(&ReplyWords::sent),
                               collect(&ReplyWords::to), collect(&ReplyWords::cc)};
  constexpr std::array labels{HeaderLabel::from, HeaderLabel::subject, HeaderLabel::sent, HeaderLabel::to,
                              HeaderLabel::cc};
  for (std::size_t i = 0; i < sets.size(); ++i)
    if (sets[i].has(label)) return labels[i];
  return HeaderLabel::none;
}

constexpr std::size_t max_label_bytes = 48;

// What stands between the rulers of "-----Original Message-----", folded; empty without a ruler on the left.
std::string between_rules(std::string_view line) {
  auto inside = strip(line.substr(0, 200), is_decoration);
  if (line.size() < 2 || inside.data() < line.data() + 2) return {};
  auto text = fold_line(inside);
  while (text.ends_with(':') || text.ends_with(' ')) text.pop_back();
  return text;
}

constexpr std::size_t max_footer_words = 12, max_short_footer_words = 4;

// Where a comma, a bracket or a full stop ends what a footer says first; the dot of "web.de" ends nothing.
std::size_t end_of_clause(std::string_view text) {
  for (auto at = text.find_first_of(",.<("); at != text.npos; at = text.find_first_of(",.<(", at + 1))
    if (text[at] != '.' || at + 1 == text.size() || !is_letter(text[at + 1])) return at;
  return text.size();
}

// "Sent from the Canary Islands, the card is late." is no footer; "Sent via the Galaxy S24, an AT&T smartphone" is one.
bool goes_on_as_sentence(std::string_view line) {
  auto comma = line.find(',');
  if (comma == line.npos) return false;
  auto rest = trim(line.substr(comma + 1));
  return !rest.empty() && rest[0] >= 'a' && rest[0] <= 'z' && !rest.starts_with("an ");
}

std::size_t count_words(std::string_view text) {
  text = trim(text);
  return text.empty() ? 0 : static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
}

}  // namespace

std::string_view trim_invisible(std::string_view text) {
  while (!text.empty()) {
    auto bytes = is_space(text.front()) ? 1 : text.starts_with("\xC2\xA0") ? 2 : invisible_bytes(text);
    if (bytes == 0) break;
    text.remove_prefix(bytes);
  }
  while (!text.empty()) {
    std::size_t bytes = is_space(text.back()) ? 1 : text.ends_with("\xC2\xA0") ? 2 : 0;
    if (bytes == 0 && text.size() >= 3) bytes = invisible_bytes(text.substr(text.size() - 3)) == 3 ? 3 : 0;
    if (bytes == 0) break;
    text.remove_suffix(bytes);
  }
  return text;
}

std::string fold_line(std::string_view line) {
  line = line.substr(0, max_folded_bytes);
  if (is_ascii(line)) return to_lower(line);  // most lines, and all that there is to fold in them
  std::string out;
  out.reserve(line.size());
  while (!line.empty()) line.remove_prefix(std::min(fold_sign(line, out), line.size()));
  return fold_case(out);
}

HeaderLabel header_label(std::string_view line) {
  line = strip(line.substr(0, 2 * max_label_bytes), [](char c) { return c == '*' || c == '_' || is_space(c); });
  auto end = std::min(line.find(':'), line.find("："));
  if (end > max_label_bytes) return HeaderLabel::none;
  auto label = fold_line(line.substr(0, end));
  return label_of(strip(label, is_decoration));
}

HeaderLabel lone_label(std::string_view line) {
  return line.size() > max_label_bytes ? HeaderLabel::none : label_of(fold_line(line));
}

bool holds_header_block(std::string_view line) {
  const auto first = header_label(line);
  if (line.find('@') == line.npos || (first != HeaderLabel::from && first != HeaderLabel::subject)) return false;
  auto is_other = [&](HeaderLabel label) {
    if (first == HeaderLabel::subject) return label == HeaderLabel::from;
    return label == HeaderLabel::sent || label == HeaderLabel::subject;
  };
  auto text = fold_line(line);
  for (auto colon = text.find(": "); colon != text.npos; colon = text.find(": ", colon + 1)) {
    auto begin = colon;  // of the word before it; a field may begin right behind the time: "18:01From: "
    while (begin > 0 && (is_letter(text[begin - 1]) || static_cast<unsigned char>(text[begin - 1]) >= 0x80)) --begin;
    if (begin > 0 && is_other(label_of(std::string_view(text).substr(begin, colon - begin)))) return true;
  }
  return false;
}

bool tells_date(std::string_view line) { return find_when(fold_line(line)).date; }

bool tells_time(std::string_view line) { return find_when(fold_line(line)).time; }

bool may_end_introduction(std::string_view line) {
  if (line.empty()) return false;
  auto last = line.back();
  if (last == ':' || last == '>' || last == '-' || last == '*' || last == '=' || line.ends_with("：")) return true;
  if (is_digit(line.front()) && line.size() < 200 && line.find(" GMT") != line.npos) return true;
  auto tail = line.substr(line.size() - std::min<std::size_t>(line.size(), 12));
  return tail.ends_with("wrote") || tail.ends_with("a écrit");
}

Introduction introduction(std::string_view text) {
  if (text.size() > max_folded_bytes) return Introduction::none;
  auto ruled = text.starts_with("--") && text.ends_with("--");
  auto folded = fold_line(text);
  auto body = strip(folded, is_decoration);
  auto colon = body.ends_with(':');
  if (colon) body = strip(body.substr(0, body.size() - 1), is_space);
  if (body.empty()) return Introduction::none;
  auto when = find_when(body);
  auto verb = wrote().find_word(body);
  if (verb == body.npos) return introduction_without_verb(body, when, colon);
  if (ruled && wrote().ends(body)) return Introduction::certain;
  return introduction_with_verb(body, verb, when, colon, text.starts_with("on "));
}

bool ends_sentence(std::string_view line) {
  if (line.empty()) return true;
  auto last = line.back();
  if (last == '!' || last == '?' || last == ':') return true;
  if (last != '.') return false;
  auto word = line.substr(line.find_last_of(' ') + 1);
  return word.size() > 6 && !is_digit(word.front());
}

bool is_original_marker(std::string_view line) {
  static const auto markers = collect(&ReplyWords::original);
  if (line.empty()) return false;
  if (starts_with_letters(line, "original message processed by ")) return true;  // David of Tobit rules no lines
  if (!is_decoration(line.front())) return false;
  auto text = between_rules(line);
  auto phrase = markers.find_start(text);
  if (phrase.empty()) return false;
  auto rest = std::string_view(text).substr(phrase.size());
  return rest.empty() || rest.starts_with("--") || rest.starts_with(" -") || header_label(rest) != HeaderLabel::none;
}

bool is_forward_marker(std::string_view line) {
  static const auto markers = collect(&ReplyWords::forwarded);
  if (line.empty()) return false;
  if (is_decoration(line.front()) && markers.starts(between_rules(line))) return true;
  if (line.back() != ':' && !line.ends_with("：")) return false;
  return markers.starts(fold_line(line.substr(0, 100)));
}

bool is_mobile_footer(std::string_view line) {
  static const auto footers = collect(&ReplyWords::footer), short_ones = collect(&ReplyWords::short_footer);
  static const PhraseSet devices{device_words};
  line = strip(line, [](char c) { return std::string_view("*_-(<[ ").find(c) != std::string_view::npos; });
  if (line.size() > 160 || !(footers.may_start(line) || short_ones.may_start(line))) return false;
  auto folded = fold_line(line);
  auto name = std::string_view(folded).substr(0, end_of_clause(folded));
  auto short_start = short_ones.find_start(folded);
  if (short_start.empty() && (!footers.starts(folded) || goes_on_as_sentence(line))) return false;
  if (devices.holds(name)) return count_words(name) <= max_footer_words;
  auto words = count_words(name.substr(std::min(short_start.size(), name.size())));
  // Sent from TypeWell<https://typewell.example/>
  auto linked = name.size() < folded.size() && folded[name.size()] == '<' && folded.find("http") != folded.npos;
  if (linked) return count_words(name) <= max_short_footer_words;
  auto goes_on = name.size() < folded.size() && (folded[name.size()] == ',' || folded[name.size()] == '.');
  return !short_start.empty() && words > 0 && words <= max_short_footer_words && !goes_on;
}

bool is_notice(std::string_view line) {
  static const PhraseSet notices{notice_words};
  line = strip(line.substr(0, 80), is_decoration);
  return notices.may_start(line) && notices.starts(fold_line(line));
}

bool tells_notice(std::string_view line) {
  static const PhraseSet parts{notice_parts};
  return is_notice(line) || parts.holds(fold_line(line));
}

bool is_notice_heading(std::string_view line) {
  static const PhraseSet headings{notice_headings};
  line = strip(line.substr(0, 80), [](char c) { return is_decoration(c) || c == ':' || is_space(c); });
  return headings.may_start(line) && headings.has(fold_line(line));
}

bool is_banner(std::string_view line) {
  static const PhraseSet banners{banner_words};
  line = strip(line.substr(0, 80), [](char c) { return c == '*' || is_space(c); });
  return banners.may_start(line) && banners.starts(fold_line(line));
}

}  // namespace answerable::mail
