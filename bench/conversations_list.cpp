// Reading at size: a list of 50, opening a conversation, searching a common word. Method: a SQLite file filled with
// 50,000 conversations of 5 short messages each (250,000), a tenth closed, some assigned; each reading 500 times after
// a warm-up on one thread, conversations and pages chosen at random; CPU of this thread and percentiles of the wall
// time.
//   bench_conversations_list [conversations, default 50000]
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>

#include "conversations/conversation_table.h"
#include "conversations/list.h"
#include "conversations/search.h"
#include "conversations/set_status.h"
#include "conversations/testing.h"
#include "conversations/thread.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

constexpr int runs = 500;

double thread_cpu_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

void measure(const char* what, const std::function<void()>& act) {
  for (int i = 0; i < 20; ++i) act();
  std::vector<double> took;
  auto cpu = thread_cpu_us();
  for (int i = 0; i < runs; ++i) {
    auto start = std::chrono::steady_clock::now();
    act();
    took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  cpu = (thread_cpu_us() - cpu) / runs;
  std::ranges::sort(took);
  fmt::print("{:<48} {:>8.0f} us CPU   p50 {:>8.0f} us   p99 {:>8.0f} us\n", what, cpu, took[runs / 2],
             took[runs * 99 / 100]);
}

Result<int> fill_some(store::Transaction& tx, Company& company, std::vector<ConversationId>& made, int count) {
  std::mt19937 random(static_cast<unsigned>(made.size()));
  SearchIndexer indexer;
  for (int i = 0; i < count; ++i) {
    company.clock().advance_ms(1'000);
    auto number = std::to_string(made.size());
    TRY(auto first, company.receive(tx, {.from = "c" + std::to_string(random() % 20'000) + "@example.org",
                                         .name = "Customer " + number,
                                         .subject = "Question about order " + number,
                                         .text = "Hello, where is my order number " + number + "? Thanks"}));
    for (int k = 0; k < 4; ++k)
      TRY_STATUS(company.receive(
          tx, {.text = "And one more thing about the order, please answer " + std::to_string(random() % 5'000),
               .conversation = first.conversation}));
    TRY(auto item, load_item(tx, company.workspace, first.conversation));
    if (random() % 5 == 0) TRY_STATUS(set_assignee(tx, item, company.workspace, company.alice.user));
    if (random() % 10 == 0) TRY_STATUS(close(tx, company.alice, first.conversation));
    made.push_back(first.conversation);
  }
  return 0;
}

void fill(Company& company, std::vector<ConversationId>& made, int count) {
  SearchIndexer indexer;
  std::int64_t after = 0;
  while (static_cast<int>(made.size()) < count) {
    std::vector<ConversationId> more = made;
    company.write([&](store::Transaction& tx) {
      more = made;
      return fill_some(tx, company, more, 500);
    });
    made = more;
    while (true) {
      auto events = company.read(
          [&](store::Session& session) { return cluster::events_after(session, company.workspace, after, 500); });
      if (events.empty()) break;
      company.read([&](store::Session& session) -> Result<int> {
        TRY_STATUS(indexer.prepare(session, company.workspace, events));
        return 0;
      });
      company.write([&](store::Transaction& tx) -> Result<int> {
        TRY_STATUS(indexer.handle(tx, company.workspace, events));
        TRY_STATUS(cluster::save_cursor(tx, search_reader, company.workspace, events.back().seq));
        return 0;
      });
      after = events.back().seq;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 50'000;
  FakeClock clock;
  Metrics metrics;
  auto db = store::open_temporary(clock, metrics, ANSWERABLE_CONVERSATION_SCHEMAS);
  Company company(*db, clock);
  std::vector<ConversationId> made;
  fill(company, made, count);
  fmt::print("{} conversations, {} messages\n", made.size(), made.size() * 5);
  std::mt19937 random(3);
  auto list = [&](const ListFilter& filter, std::optional<ListCursor> after) {
    return company.read(
        [&](store::Session& session) { return list_conversations(session, company.alice, filter, after, 50); });
  };
  auto anywhere = [&] {
    return ListCursor{.last_message_at = clock.now() - static_cast<std::int64_t>(random() % made.size()) * 1'000,
                      .id = {}};
  };
  measure("list of 50, all, first page", [&] { list({}, std::nullopt); });
  measure("list of 50, all, page anywhere", [&] { list({}, anywhere()); });
  measure("list of 50, mine", [&] { list({.view = View::mine}, std::nullopt); });
  measure("list of 50, unassigned, page anywhere", [&] { list({.view = View::unassigned}, anywhere()); });
  measure("list of 50, closed, page anywhere", [&] { list({.view = View::closed}, anywhere()); });
  measure("list of 50, everything of one agent", [&] { list({.assignee = company.alice.user}, anywhere()); });
  measure("list of 50, channel", [&] { list({.channel = company.channel}, anywhere()); });
  measure("counts of the views",
          [&] { company.read([&](store::Session& session) { return count_views(session, company.alice); }); });
  measure("open a conversation", [&] {
    company.read([&](store::Session& session) {
      return open_conversation(session, company.alice, made[random() % made.size()]);
    });
  });
  auto find = [&](std::string_view query) {
    return company.read(
        [&](store::Session& session) { return search(session, company.alice, query, std::nullopt, 25); });
  };
  measure("search, a word in every message (prefix)", [&] { find("order"); });
  measure("search, a word in every message (whole)", [&] { find("order "); });
  measure("search, two common words", [&] { find("order answer "); });
  measure("search, a rare word", [&] { find(std::to_string(random() % 5'000) + " "); });
  measure("search, first letters", [&] { find("an"); });
  measure("search, a phrase", [&] { find("\"one more thing\""); });
}
