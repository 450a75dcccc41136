#include "mail/mail_date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "mail/ascii.h"

namespace answerable::mail {

namespace {

// Months by their first three letters; French, German, Spanish, … where they differ.
struct Month {
  std::string_view letters;
  int number;
};
constexpr std::array months{
    Month{"jan", 1}, Month{"feb", 2}, Month{"mar", 3}, Month{"apr", 4},  Month{"may", 5},  Month{"jun", 6},
    Month{"jul", 7}, Month{"aug", 8}, Month{"sep", 9}, Month{"oct", 10}, Month{"nov", 11}, Month{"dec", 12},
    Month{"fev", 2}, Month{"avr", 4}, Month{"mai", 5}, Month{"mei", 5},  Month{"okt", 10}, Month{"dez", 12},
    Month{"ene", 1}, Month{"abr", 4}, Month{"ago", 8}, Month{"dic", 12}, Month{"set", 9},  Month{"out", 10},
    Month{"gen", 1}, Month{"mag", 5}, Month{"giu", 6}, Month{"lug", 7},  Month{"ott", 10}, Month{"juillet", 7},
};

struct Zone {
  std::string_view name;
  int minutes;  // east of UTC
};
// Names that mean one thing in mail; IST, BST and others of several meanings take the one seen most.
constexpr std::array zones{
    Zone{"est", -300}, Zone{"edt", -240}, Zone{"cst", -360}, Zone{"cdt", -300}, Zone{"mst", -420}, Zone{"mdt", -360},
    Zone{"pst", -480}, Zone{"pdt", -420}, Zone{"cet", 60},   Zone{"cest", 120}, Zone{"met", 60},   Zone{"mest", 120},
    Zone{"mez", 60},   Zone{"mesz", 120}, Zone{"eet", 120},  Zone{"eest", 180}, Zone{"wet", 0},    Zone{"west", 60},
    Zone{"bst", 60},   Zone{"msk", 180},  Zone{"msd", 240},  Zone{"jst", 540},  Zone{"kst", 540},  Zone{"ist", 330},
    Zone{"hkt", 480},  Zone{"sgt", 480},  Zone{"aest", 600}, Zone{"aedt", 660}, Zone{"nzst", 720}, Zone{"nzdt", 780},
};

class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  std::optional<Time> read() {
    while (!rest_.empty()) step();
    if (year_ < 0 && !numbers_full_) return std::nullopt;
    return compose();
  }

 private:
  void step() {
    auto c = rest_.front();
    if (is_digit(c)) return number();
    if (is_letter(c)) return word();
    if (c == '(') return comment();
    auto is_sign = c == '+' || (c == '-' && hour_ >= 0);
    rest_.remove_prefix(1);
    if (is_sign && hour_ >= 0 && !rest_.empty() && is_digit(rest_.front())) offset(c == '-' ? -1 : 1);
  }

  void comment() {
    std::size_t depth = 0, end = 0;
    for (; end < rest_.size(); ++end) {
      depth += rest_[end] == '(' ? 1 : 0;
      if (rest_[end] == ')' && --depth == 0) break;
    }
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
  }

  int digits() {
    int value = 0;
    size_ = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), ++size_)
      value = size_ < 8 ? value * 10 + (rest_.front() - '0') : value;
    return value;
  }

  // What divides this number from the next one, or 0.
  char divider() const { return rest_.size() > 1 && is_digit(rest_[1]) ? rest_[0] : '\0'; }

  void number() {
    auto value = digits();
    auto between = divider();
    auto may_be_dots = between == '.' && hour_ < 0 && day_ >= 0 && year_ >= 0;  // 10.00.01
    if (hour_ < 0 && (between == ':' || may_be_dots)) return clock(value, between);
    if (hour_ < 0 && day_ < 0 && (between == '-' || between == '/' || between == '.')) return full(value, between);
    if (size_ >= 4 && year_ < 0)
      year_ = value;
    else if (day_ < 0)
      day_ = value;
    else if (month_ < 0 && year_ < 0 && value >= 1 && value <= 12)
      month_ = value;  // 20 11 79
    else if (year_ < 0 && month_ > 0)
      year_ = widen(value);
  }

  int widen(int year) const {  // RFC 5322 section 4.3
    if (size_ >= 4) return year;
    if (size_ == 3) return year + 1900;
    return year < 50 ? year + 2000 : year + 1900;
  }

  void full(int first, char between) {  // 2026-04-07, 07.04.2026, 04/07/2026
    auto first_size = size_;
    rest_.remove_prefix(1);
    auto second = digits();
    if (divider() != between) return void(day_ = first);  // 7-Apr-2026 and others go on word by word
    rest_.remove_prefix(1);
    auto third = digits();
    numbers_full_ = true;
    if (first_size == 4) {
      year_ = first, month_ = second, day_ = third;
      return;
    }
    year_ = widen(third);
    auto american = between == '/' && first <= 12;
    month_ = american ? first : second;
    day_ = american ? second : first;
    if (month_ > 12) std::swap(month_, day_);
  }

  void clock(int hours, char between) {
    hour_ = hours;
    rest_.remove_prefix(1);
    minute_ = digits();
    if (divider() != between) return;
    rest_.remove_prefix(1);
    second_ = digits();
    if (divider() == '.') rest_.remove_prefix(1), digits();  // parts of a second
  }

  void word() {
    auto end = static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_letter) - rest_.begin());
    auto text = to_lower(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (hour_ >= 0 && (text == "am" || text == "pm")) return half_day(text == "pm");
    if (hour_ >= 0 && !has_zone_ && !is_zone_named_)  // EST5EDT is EST
      for (const auto& zone : zones)
        if (zone.name == text) return offset_ = zone.minutes, void(is_zone_named_ = true);
    if (month_ < 0)
      for (const auto& month : months)
        if (text.starts_with(month.letters) && !is_day_name(text)) return void(month_ = month.number);
  }

  // "Mar" is a Tuesday in French and in Spanish where a comma follows, or where the day of the month still has to come.
  bool is_day_name(std::string_view text) const {
    return rest_.starts_with(',') || (text == "mar" && rest_.starts_with('.'));
  }

  void half_day(bool afternoon) {
    if (afternoon && hour_ < 12) hour_ += 12;
    if (!afternoon && hour_ == 12) hour_ = 0;
  }

  void offset(int sign) {
    auto value = digits();
    auto hours = size_ <= 2 ? value : value / 100;
    auto minutes = size_ <= 2 ? 0 : value % 100;
    if (size_ <= 2 && divider() == ':') rest_.remove_prefix(1), minutes = digits();
    if (has_zone_ || hours > 14) return;  // -2500 says nothing
    offset_ = sign * (hours * 60 + minutes);
    has_zone_ = true;
  }

  std::optional<Time> compose() const {
    using namespace std::chrono;
    if (month_ < 1 || month_ > 12 || day_ < 1 || day_ > 31 || year_ < 1 || year_ > 9999) return std::nullopt;
    auto month_of_year = year{year_} / month{static_cast<unsigned>(month_)};
    auto last = static_cast<int>(static_cast<unsigned>((month_of_year / std::chrono::last).day()));
    sys_days date = month_of_year / day{static_cast<unsigned>(std::min(day_, last))};  // 31 Feb
    auto clock = std::clamp(hour_, 0, 24) * 3600 + std::clamp(minute_, 0, 59) * 60 + std::clamp(second_, 0, 60);
    auto seconds = duration_cast<std::chrono::seconds>(date.time_since_epoch()).count() + clock - offset_ * 60;
    return Time{seconds * 1000};
  }

  std::string_view rest_;
  std::size_t size_ = 0;  // digits of the last number
  int year_ = -1, month_ = -1, day_ = -1, hour_ = -1, minute_ = 0, second_ = 0, offset_ = 0;
  bool has_zone_ = false, is_zone_named_ = false, numbers_full_ = false;
};

}  // namespace

std::optional<Time> parse_mail_date(std::string_view value) { return DateReader(trim(value).substr(0, 200)).read(); }

std::optional<Time> find_date(std::string_view raw) {
  constexpr std::string_view name = "date:";
  raw = raw.substr(0, 16 * 1024);
  while (!raw.empty()) {
    auto line = raw.substr(0, raw.find('\n'));
    if (trim(line).empty()) return std::nullopt;
    if (starts_with_letters(line, name)) return parse_mail_date(line.substr(name.size()));
    raw.remove_prefix(std::min(line.size() + 1, raw.size()));
  }
  return std::nullopt;
}

}  // namespace answerable::mail
