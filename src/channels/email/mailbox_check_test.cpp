#include "channels/email/mailbox_check.h"

#include <doctest/doctest.h>

namespace answerable::channels {
namespace {

using enum ItemOutcome;

TEST_CASE("each mail of a folder is counted once: stored, withheld, noticed, waiting or missing") {
  const auto check = compare_mailbox({2, 3, 5, 6, 7, 9, 11, 12},
                                     {{1, taken}, {2, taken}, {5, noticed}, {6, withheld}, {7, expunged}}, 9, 13);
  const auto& figures = check.figures;
  CHECK(check.missing == std::vector<std::uint32_t>{3, 7, 9});
  CHECK(figures.missing_names == "3, 7, 9");
  CHECK(figures.stored == 1);
  CHECK(figures.noticed == 1);
  CHECK(figures.withheld == 1);
  CHECK(figures.waiting == 2);
  CHECK(figures.at_source == figures.stored + figures.withheld + figures.noticed + figures.waiting + figures.missing);
  // 4, 8 and 10 were given out and are nowhere; 1 was taken before it was removed.
  CHECK(figures.gone == 3);
}

TEST_CASE("an empty folder, one that was never read, and lies about UIDNEXT make no figure negative") {
  CHECK(compare_mailbox({}, {}, 0, 1).figures.gone == 0);
  CHECK(compare_mailbox({}, {}, 0, 0).figures.gone == 0);
  CHECK(compare_mailbox({}, {{1, taken}, {2, expunged}}, 2, 3).figures.gone == 1);
  const auto unread = compare_mailbox({1, 2, 3}, {}, 0, 4);
  CHECK(unread.figures.waiting == 3);
  CHECK(unread.missing.empty());
  CHECK(compare_mailbox({1, 2, 3}, {{1, taken}, {2, taken}, {3, taken}}, 3, 2).figures.gone == 0);
  CHECK(compare_mailbox({1, 2, 3}, {}, 3, 4'294'967'295U).figures.missing == 3);
}

TEST_CASE("missing UIDs are named in runs, and not without end") {
  CHECK(name_uids({}) == "");
  CHECK(name_uids({7}) == "7");
  CHECK(name_uids({1, 2, 3, 5, 7, 8}) == "1:3, 5, 7:8");
  std::vector<std::uint32_t> many;
  for (std::uint32_t uid = 1; uid < 100'000; uid += 2) many.push_back(uid);
  const auto names = name_uids(many);
  CHECK(names.size() <= intake::missing_names_bytes_max);
  CHECK(names.ends_with(", …"));
}

}  // namespace
}  // namespace answerable::channels
