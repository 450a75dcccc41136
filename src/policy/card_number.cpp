#include "policy/sensitive.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace answerable::policy {
namespace {

struct Range {
  std::string_view brand;
  int first, last;  // of the first four digits
  std::array<int, 4> lengths;
};
// The issuers' published ranges (ISO/IEC 7812).
constexpr std::array ranges{
    Range{"Visa", 4000, 4999, {13, 16, 19, 0}},           Range{"Mastercard", 5100, 5599, {16, 0, 0, 0}},
    Range{"Mastercard", 2221, 2720, {16, 0, 0, 0}},       Range{"American Express", 3400, 3499, {15, 0, 0, 0}},
    Range{"American Express", 3700, 3799, {15, 0, 0, 0}}, Range{"Diners Club", 3000, 3059, {14, 0, 0, 0}},
    Range{"Diners Club", 3095, 3095, {14, 0, 0, 0}},      Range{"Diners Club", 3600, 3699, {14, 0, 0, 0}},
    Range{"Diners Club", 3800, 3999, {14, 0, 0, 0}},      Range{"JCB", 3528, 3589, {16, 0, 0, 0}},
    Range{"Discover", 6011, 6011, {16, 19, 0, 0}},        Range{"Discover", 6440, 6599, {16, 19, 0, 0}},
    Range{"UnionPay", 6200, 6299, {16, 17, 18, 19}},      Range{"Maestro", 5018, 5018, {16, 18, 19, 0}},
    Range{"Maestro", 5020, 5020, {16, 18, 19, 0}},        Range{"Maestro", 5038, 5038, {16, 18, 19, 0}},
    Range{"Maestro", 6304, 6304, {16, 18, 19, 0}},        Range{"Maestro", 6759, 6763, {16, 18, 19, 0}},
};
constexpr std::size_t digits_min = 13, digits_max = 19;
constexpr std::size_t label_bytes = 24;  // how far before a number a word for an order is looked for

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool has_check_digit(std::string_view digits) {
  int sum = 0;
  bool is_doubled = false;
  for (std::size_t i = digits.size(); i-- > 0; is_doubled = !is_doubled) {
    int digit = digits[i] - '0';
    if (is_doubled) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
  }
  return sum % 10 == 0;
}

std::string_view brand_of(std::string_view digits) {
  int head = 0;
  std::from_chars(digits.data(), digits.data() + 4, head);
  for (const auto& range : ranges) {
    if (head < range.first || head > range.last) continue;
    if (std::ranges::find(range.lengths, static_cast<int>(digits.size())) != range.lengths.end()) return range.brand;
  }
  return {};
}

struct Group {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

// Cards print 4-4-4-4, 4-6-5, 4-6-4 or 4-4-4-4-3.
bool is_printed(const std::vector<Group>& groups, std::size_t from, std::size_t count) {
  constexpr std::array<std::array<std::size_t, 5>, 4> forms{
      {{4, 4, 4, 4, 0}, {4, 6, 5, 0, 0}, {4, 6, 4, 0, 0}, {4, 4, 4, 4, 3}}};
  return std::ranges::any_of(forms, [&](const auto& form) {
    for (std::size_t i = 0; i < form.size(); ++i)
      if ((i < count ? groups[from + i].size() : 0) != form[i]) return false;
    return true;
  });
}

// How many bytes of a separator within a number stand here; 0: none.
std::size_t separator_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == ' ' || text[at] == '-' || text[at] == '.') return 1;
  if (text.substr(at).starts_with("\xC2\xA0")) return 2;
  return text.substr(at).starts_with("\xE2\x80\xAF") ? 3 : 0;
}

std::vector<Group> groups_from(std::string_view text, std::size_t at) {
  std::vector<Group> groups;
  while (at < text.size() && is_digit(text[at])) {
    Group group{.begin = at, .end = at};
    while (group.end < text.size() && is_digit(text[group.end])) ++group.end;
    groups.push_back(group);
    at = group.end + separator_at(text, group.end);
    if (at == group.end) break;
  }
  return groups;
}

std::string digits_of(std::string_view text, const std::vector<Group>& groups, std::size_t from, std::size_t count) {
  std::string digits;
  for (std::size_t i = from; i < from + count; ++i) digits += text.substr(groups[i].begin, groups[i].size());
  return digits;
}

// The last word before `end`, in lower case; `end` becomes where it begins.
std::string word_before(std::string_view text, std::size_t& end) {
  while (end > 0 && !is_letter(text[end - 1])) --end;
  const auto last = end;
  while (end > 0 && is_letter(text[end - 1])) --end;
  std::string word(text.substr(end, last - end));
  for (auto& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return word;
}

// "order 4…", "Invoice No. 4…", "commande n° 4…"; not when a card is spoken of.
bool is_order_number(std::string_view text, std::size_t begin) {
  constexpr std::array<std::string_view, 12> labels{"order",    "invoice", "tracking", "reference", "parcel", "imei",
                                                    "commande", "facture", "suivi",    "colis",     "serial", "ref"};
  constexpr std::array<std::string_view, 5> numbers{"no", "nr", "n", "number", "id"};
  const auto from = begin > label_bytes ? begin - label_bytes : 0;
  const auto before = text.substr(from, begin - from);
  auto end = before.size();
  auto word = word_before(before, end);
  if (std::ranges::find(numbers, word) != numbers.end()) word = word_before(before, end);
  if (std::ranges::find(labels, word) == labels.end()) return false;
  while (!word.empty()) {
    if (word == "card" || word == "carte" || word == "visa" || word == "mastercard") return false;
    word = word_before(before, end);
  }
  return true;
}

std::optional<Sensitive> card_in(std::string_view text, const std::vector<Group>& groups, std::size_t from,
                                 std::size_t count) {
  const auto digits = digits_of(text, groups, from, count);
  if (digits.size() < digits_min || digits.size() > digits_max) return std::nullopt;
  if (count > 1 && !is_printed(groups, from, count)) return std::nullopt;
  const auto brand = brand_of(digits);
  const bool is_one_digit = digits.find_first_not_of(digits.front()) == std::string::npos;
  if (brand.empty() || is_one_digit || !has_check_digit(digits)) return std::nullopt;
  if (is_order_number(text, groups[from].begin)) return std::nullopt;
  return Sensitive{.begin = groups[from].begin,
                   .end = groups[from + count - 1].end,
                   .what = std::string(brand) + " •••• " + digits.substr(digits.size() - 4)};
}

// An account number (IBAN) begins with two letters; what follows a letter is no number by itself, and
// behind + there is a telephone.
bool stands_alone(std::string_view text, const std::vector<Group>& groups) {
  const auto begin = groups.front().begin;
  const auto end = groups.back().end;
  const bool follows = begin > 0 && (is_letter(text[begin - 1]) || text[begin - 1] == '#' || text[begin - 1] == '+');
  return !follows && (end >= text.size() || !is_letter(text[end]));
}

}  // namespace

std::vector<Sensitive> find_card_numbers(std::string_view text) {
  std::vector<Sensitive> found;
  for (std::size_t at = 0; at < text.size() && found.size() < sensitive_max;) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    const auto groups = groups_from(text, at);
    at = groups.back().end;
    if (!stands_alone(text, groups)) continue;
    for (std::size_t from = 0; from < groups.size();) {
      std::optional<Sensitive> card;
      std::size_t count = std::min<std::size_t>(5, groups.size() - from);
      for (; count > 0 && !card; --count) card = card_in(text, groups, from, count);
      from += card ? count + 1 : 1;
      if (card) found.push_back(*std::move(card));
    }
  }
  return found;
}

}  // namespace answerable::policy
