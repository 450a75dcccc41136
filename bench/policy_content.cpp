// What 200 rules cost a message, on one core: words, patterns and block-lists of hosts, a support mail of 2 KB that
// hits none, one that hits one, and one of 200 KB.
#include <cstdio>
#include <ctime>
#include <string>

#include "base/ensure.h"
#include "policy/content_matcher.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

constexpr int rounds = 2'000;

std::vector<ContentRule> make_rules() {
  std::vector<ContentRule> rules;
  const auto add = [&](ContentKind kind, std::vector<std::string> values) {
    rules.push_back({.workspace = WorkspaceId::from_bytes("0123456789abcdef"),
                     .name = "x",
                     .kind = kind,
                     .values = std::move(values)});
  };
  for (int i = 0; i < 100; ++i) {
    std::vector<std::string> words;
    for (int j = 0; j < 10; ++j) words.push_back("forbidden phrase " + std::to_string(i) + " " + std::to_string(j));
    add(ContentKind::words, words);
  }
  for (int i = 0; i < 48; ++i) add(ContentKind::pattern, {"\\bVOUCHER" + std::to_string(i) + "-[A-Z]{2}\\d{4,8}\\b"});
  for (int i = 0; i < 50; ++i) {
    std::vector<std::string> hosts;
    for (int j = 0; j < 200; ++j) hosts.push_back("bad" + std::to_string(j) + ".host" + std::to_string(i) + ".example");
    add(ContentKind::links, hosts);
  }
  add(ContentKind::card_numbers, {});
  add(ContentKind::secrets, {});
  return rules;
}

std::string mail_of(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text +=
        "My order 2026-114-88 has not arrived, and https://track.shop.example/p/8812 says that it was delivered on "
        "Monday at 14:05. Please look into it; my phone is +49 89 1234567.\n";
  return text;
}

void measure(const ContentMatcher& matcher, const char* what, const std::string& text, int times) {
  std::size_t hits = 0;
  timespec from{}, to{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  for (int i = 0; i < times; ++i)
    hits += matcher.find({.is_outbound = true, .channel_kind = "email", .subject = "Order", .text = text}, {}).size();
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  const double ns = static_cast<double>(to.tv_sec - from.tv_sec) * 1e9 + static_cast<double>(to.tv_nsec - from.tv_nsec);
  std::printf("%-28s %8.1f us of CPU a message (%zu hits in %d)\n", what, ns / 1e3 / times, hits, times);
}

}  // namespace

int main() {
  const auto matcher = ContentMatcher::make(make_rules());
  ensure(matcher.has_value(), "the rules must fit");
  std::printf("200 rules: 1,000 phrases, 48 patterns, 10,000 hosts, cards, secrets\n");
  measure(**matcher, "2 KB, no hit", mail_of(2'000), rounds);
  measure(**matcher, "2 KB, one hit", mail_of(2'000) + "A forbidden phrase 7 3 indeed.", rounds);
  measure(**matcher, "200 KB, no hit", mail_of(200'000), rounds / 50);
}
