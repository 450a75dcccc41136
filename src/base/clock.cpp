#include "base/clock.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <chrono>

namespace answerable {

Time SystemClock::now() const {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return Time{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

std::int64_t SystemClock::monotonic_ms() const {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

std::string to_rfc3339(Time time, bool seconds_only) {
  using namespace std::chrono;
  auto at = sys_time<milliseconds>(milliseconds(time.ms));
  auto day = floor<days>(at);
  year_month_day date(day);
  hh_mm_ss clock(floor<milliseconds>(at - day));
  // Compiled, because each entry of the ledger has one.
  auto text = fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"), static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                          clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
  if (seconds_only) text.erase(text.size() - 5, 4);
  return text;
}

namespace {

// Reads exactly `digits` decimal digits at `at`, or nothing.
std::optional<int> number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  for (char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Reads "Z", "+02:00" or "-02:00"; the whole rest must be the offset. In minutes east of UTC.
std::optional<int> offset_minutes(std::string_view rest) {
  if (rest == "Z" || rest == "z") return 0;
  if (rest.size() != 6 || rest[3] != ':' || (rest[0] != '+' && rest[0] != '-')) return std::nullopt;
  auto hours = number(rest, 1, 2);
  auto minutes = number(rest, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  int total = *hours * 60 + *minutes;
  return rest[0] == '-' ? -total : total;
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  auto y = number(text, 0, 4), mo = number(text, 5, 2), d = number(text, 8, 2);
  auto h = number(text, 11, 2), mi = number(text, 14, 2), s = number(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return std::nullopt;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  year_month_day date{year(*y), month(static_cast<unsigned>(*mo)), day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  std::size_t at = 19;
  int fraction_ms = 0;
  if (at < text.size() && text[at] == '.') {
    int scale = 100;
    std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
      fraction_ms += (text[at] - '0') * scale;
    if (at == first) return std::nullopt;
  }
  auto offset = offset_minutes(text.substr(at));
  if (!offset) return std::nullopt;
  auto when = sys_days(date) + hours(*h) + minutes(*mi - *offset) + seconds(*s);
  return Time{duration_cast<milliseconds>(when.time_since_epoch()).count() + fraction_ms};
}

}  // namespace answerable
