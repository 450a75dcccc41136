// What an arriving message costs: identify_contact + append_inbound (state, events, ledger entry) on the writer thread,
// and what indexing it costs afterwards. Method: a SQLite file on disk with durable commits; 4 KB messages, half of
// them new conversations, from 2,000 contacts; jobs are submitted 200 at a time, so that commits are groups. CPU is
// that of the whole process.
//   bench_conversations_append [messages, default 20000] [folder, default a temporary one on disk]
#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <semaphore>

#include "conversations/search.h"
#include "conversations/testing.h"
#include "mark.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

void report(const char* what, Mark from, Mark to, int count) {
  fmt::print("{:<44} {:>8.1f} us CPU each  {:>8.0f} a second\n", what, (to.cpu_s - from.cpu_s) / count * 1e6,
             count / (to.wall_s - from.wall_s));
}

const char* const vocabulary[] = {"order", "teapot", "invoice", "late", "blue",  "refund", "please", "cup",
                                  "where", "thanks", "parcel",  "size", "white", "broken", "return", "answer"};

std::string some_text(std::mt19937& random, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += std::string(vocabulary[random() % 16]) + std::to_string(random() % 2'000) + " ";
  return text;
}

void append(Company& company, int count) {
  std::mt19937 random(1);
  std::vector<ConversationId> known;
  std::vector<std::string> texts;
  for (int i = 0; i < 50; ++i) texts.push_back(some_text(random, 4'000));
  std::counting_semaphore<> room(200);
  std::mutex mutex;
  for (int i = 0; i < count; ++i) {
    room.acquire();
    Mail mail{.from = "c" + std::to_string(random() % 2'000) + "@example.org",
              .subject = "Question " + std::to_string(i),
              .text = texts[random() % texts.size()],
              .external_id = std::to_string(i) + "@mail.example"};
    {
      std::lock_guard lock(mutex);
      if (random() % 2 == 0 && !known.empty()) mail.conversation = known[random() % known.size()];
    }
    company.db().submit(
        [&company, mail, &known, &mutex](store::Transaction& tx) -> Status {
          TRY(auto appended, company.receive(tx, mail));
          tx.on_commit([&known, &mutex, appended] {
            std::lock_guard lock(mutex);
            if (appended.is_new_conversation) known.push_back(appended.conversation);
          });
          return {};
        },
        [&room](const Status& status) {
          ensure(status.has_value(), "append");
          room.release();
        });
  }
  for (int i = 0; i < 200; ++i) room.acquire();
}

void index(Company& company) {
  SearchIndexer indexer;
  std::int64_t after = 0;
  while (true) {
    auto events = company.read(
        [&](store::Session& session) { return cluster::events_after(session, company.workspace, after, 200); });
    if (events.empty()) return;
    company.read([&](store::Session& session) -> Result<int> {
      TRY_STATUS(indexer.prepare(session, company.workspace, events));
      return 0;
    });
    company.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(indexer.handle(tx, company.workspace, events));
      return 0;
    });
    after = events.back().seq;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 20'000;
  FakeClock clock;
  Metrics metrics;
  store::TemporaryFolder folder(true);
  std::string place = argc > 2 ? argv[2] : folder.path();
  auto opened = store::Database::open({.location = place + "/bench.db"}, clock, metrics);
  ensure(opened.has_value(), "open");
  auto& db = **opened;
  for (auto schema : store::Schemas ANSWERABLE_CONVERSATION_SCHEMAS) ensure(db.migrate(schema).has_value(), "migrate");
  Company company(db, clock);
  auto start = now();
  append(company, count);
  auto appended = now();
  report("append (durable, 200 waiting)", start, appended, count);
  index(company);
  report("index afterwards, batches of 200 events", appended, now(), count);
  db.close();
}
