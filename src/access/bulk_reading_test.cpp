#include "access/bulk_reading.h"

#include <doctest/doctest.h>

#include <optional>

using namespace answerable;
using namespace answerable::access;

namespace {

struct Library {
  FakeClock clock;
  BulkReading reading{clock};
  int opened = 0;

  BulkReading::Read open(std::string_view who, double weight = 1) {
    return reading.note({.credential = who, .role = "acme/agent"}, "c" + std::to_string(opened++), weight, {});
  }
  // How many things until it is noticed; nothing if not within so many.
  std::optional<int> scrape(std::int64_t every_ms, int most) {
    for (int n = 1; n <= most; ++n) {
      if (open("scraper").pace != BulkReading::Pace::usual) return n;
      clock.advance_ms(every_ms);
    }
    return std::nullopt;
  }
  // Ten people for some days, each so many an hour, eight hours a day.
  void work(int an_hour, int days) {
    for (int hour = 0; hour < 24 * days; ++hour) {
      for (int person = 0; person < 10 && hour % 24 < 8; ++person) {
        for (int i = 0; i < an_hour; ++i) CHECK(open("p" + std::to_string(person)).pace == BulkReading::Pace::usual);
      }
      clock.advance_ms(BulkReading::hour_ms);
    }
  }
};

}  // namespace

TEST_CASE_FIXTURE(Library, "a scraper that is faster than people is noticed within minutes") {
  CHECK(scrape(2'000, 10'000) == 241);  // eight minutes
}

TEST_CASE_FIXTURE(Library,
                  "a scraper at the pace of a person who reads is noticed within a day, because it never pauses") {
  const auto after = scrape(40'000, 24 * 90);  // 90 an hour
  REQUIRE(after);
  CHECK(*after * 40 <= 12 * 3'600);
}

TEST_CASE_FIXTURE(Library, "people who work hard are not noticed, week after week") { work(60, 14); }

TEST_CASE_FIXTURE(Library, "where a role reads much its norm is higher, and a scraper stands out all the same") {
  work(100, 5);
  const auto read = open("p0");
  CHECK(read.per_hour == 600);
  CHECK(scrape(1'000, 10'000) == 601);
}

TEST_CASE_FIXTURE(Library, "the norm has a ceiling, and whoever scrapes does not raise it") {
  for (int hour = 0; hour < 400; ++hour) {
    for (int i = 0; i < 230; ++i) open("p" + std::to_string(hour % 10));
    clock.advance_ms(BulkReading::hour_ms);
  }
  CHECK(open("x").per_hour == BulkReading::norm_floors_max * 240);
  for (int hour = 0; hour < 400; ++hour) {
    for (int i = 0; i < 1'000; ++i) open("scraper");
    clock.advance_ms(BulkReading::hour_ms);
  }
  CHECK(open("x").per_hour == BulkReading::norm_floors_max * 240);
}

TEST_CASE_FIXTURE(Library,
                  "the same again is nothing new; twice the threshold is excessive; both are told once an hour") {
  for (int i = 0; i < 10'000; ++i)
    CHECK(reading.note({.credential = "p", .role = "r"}, "one", 1, {}).pace == BulkReading::Pace::usual);
  int told = 0;
  for (int i = 0; i < 480; ++i) told += open("s").is_first ? 1 : 0;
  CHECK(told == 1);
  const auto read = open("s");
  CHECK(read.pace == BulkReading::Pace::excessive);
  CHECK(read.is_first);
  CHECK(!open("s").is_first);
  clock.advance_ms(read.until_ms);
  CHECK(open("s").pace == BulkReading::Pace::usual);
}

TEST_CASE_FIXTURE(Library, "pages of a list weigh as much as what they show, attachments less") {
  for (int i = 0; i < 48; ++i) CHECK(open("pages", 5).pace == BulkReading::Pace::usual);
  CHECK(open("pages", 5).pace == BulkReading::Pace::unusual);
  for (int i = 0; i < 960; ++i) CHECK(open("files", 0.25).pace == BulkReading::Pace::usual);
  CHECK(open("files", 0.25).pace == BulkReading::Pace::unusual);
}

TEST_CASE_FIXTURE(Library, "memory is bounded") {
  for (std::size_t i = 0; i < BulkReading::readers_max + 10; ++i) open("p" + std::to_string(i));
  for (std::size_t i = 0; i < 2 * BulkReading::things_max; ++i) open("s");
  CHECK(open("s").pace == BulkReading::Pace::excessive);
}
