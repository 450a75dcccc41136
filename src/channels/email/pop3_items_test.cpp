#include "channels/email/pop3_items.h"

#include <doctest/doctest.h>

namespace answerable::channels {
namespace {

using enum ItemOutcome;

std::vector<std::string> keys_of(const std::vector<Pop3Mail>& mails) {
  std::vector<std::string> keys;
  for (const auto& mail : mails) keys.push_back(mail.key);
  return keys;
}

TEST_CASE("each mail of a mailbox is counted once, and what has no row, was refused or has another size is wanted") {
  const std::vector<Pop3Mail> at_server{{1, "a", 10}, {2, "b", 20}, {3, "c", 30}, {4, "d", 40},
                                        {5, "e", 50}, {6, "f", 0},  {7, "g", 70}};
  const Pop3Items items{{"a", {10, taken}},   {"b", {21, taken}}, {"c", {30, noticed}}, {"d", {40, withheld}},
                        {"e", {50, refused}}, {"f", {60, taken}}, {"z", {1, taken}}};
  const auto found = compare_pop3({{}, "POP3", "zoe@h:995/POP3", 0}, at_server, items, Time{1});
  CHECK(keys_of(found.wanted) == std::vector<std::string>{"b", "e", "g"});
  CHECK(found.vanished == std::vector<std::string>{"z"});
  const auto& figures = found.figures;
  CHECK(figures.stored == 2);
  CHECK(figures.noticed == 1);
  CHECK(figures.withheld == 1);
  CHECK(figures.missing == 1);
  CHECK(figures.missing_names == "e");
  CHECK(figures.waiting == 2);
  CHECK(figures.at_source == figures.stored + figures.withheld + figures.noticed + figures.waiting + figures.missing);
}

TEST_CASE("only a mail that is certainly the stored one is removed") {
  const std::vector<Pop3Mail> at_server{{1, "a", 10}, {2, "b", 20}, {3, "c", 30, false}, {4, "c 2", 30, false}};
  const Pop3Items items{{"a", {10, taken, true}},
                        {"b", {21, taken, true}},
                        {"c", {30, taken, true}},
                        {"c 2", {30, taken}},
                        {"d", {10, taken, true}}};
  CHECK(keys_of(compare_pop3({}, at_server, items, {}).due) == std::vector<std::string>{"a"});
}

TEST_CASE("missing UIDs are named, and not without end") {
  std::vector<Pop3Mail> at_server;
  Pop3Items items;
  for (std::uint32_t i = 1; i <= 200; ++i) {
    at_server.push_back({i, "uid-" + std::to_string(i), 1});
    items[at_server.back().key] = {1, refused};
  }
  const auto figures = compare_pop3({}, at_server, items, {}).figures;
  CHECK(figures.missing == 200);
  CHECK(figures.missing_names.starts_with("uid-1, uid-2, "));
  CHECK(figures.missing_names.ends_with(", …"));
  CHECK(figures.missing_names.size() <= intake::missing_names_bytes_max);
}

}  // namespace
}  // namespace answerable::channels
