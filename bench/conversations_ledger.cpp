// What the ledger costs an act of the domain, without all that surrounds it in the server (app_ledger.mjs has that):
// the same acts with it and without it (ledger_switch.h), in one run.
// Method: two companies, each with a SQLite file on disk, durable commits and 200 acts that wait at any time, so that
// commits are groups as in the server; one is always written to with the ledger, the other never. They take turns, a
// block of acts each, in the order on-off-off-on. The sealer runs as in the server, and a block with the ledger ends
// when its last entry is under a signed checkpoint. Each pair of blocks gives a ratio; the middle one counts.
//   bench_conversations_ledger [acts in a block, default 4000] [pairs of each kind, default 16] [folder]
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <semaphore>

#include "audit/sealer.h"
#include "base/log.h"
#include "conversations/add_note.h"
#include "conversations/send_reply.h"
#include "conversations/testing.h"
#include "ledger_switch.h"
#include "mark.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

constexpr int waiting = 200;           // acts at a time
constexpr std::size_t contacts = 500;  // each with a conversation

class Bed {
 public:
  Bed(const std::string& file, bool has_ledger)
      : has_ledger_(has_ledger),
        db_(open(file)),
        sealer_(audit::SigningKey::load_or_create(file + ".key", "bench.example").value(), *db_, metrics_),
        company_(*db_, clock_) {
    for (std::size_t i = 0; i < contacts; ++i)
      conversations_.push_back(company_.receive({.from = address(i), .text = text(i)}).conversation);
  }
  ~Bed() {
    sealer_.stop();
    db_->close();
  }

  // The i-th of all acts of its kind; `i` chooses what it is about.
  using Act = std::function<Status(Bed&, store::Transaction&, std::size_t)>;
  static Status arrive(Bed& bed, store::Transaction& tx, std::size_t i) {
    Mail mail{.from = address(i % contacts), .text = text(i), .external_id = std::to_string(i) + "@mail.example"};
    if (i % 2 == 0) mail.conversation = bed.conversations_[i % contacts];
    return done(bed.company_.receive(tx, mail));
  }
  static Status note(Bed& bed, store::Transaction& tx, std::size_t i) {
    return done(add_note(tx, bed.company_.alice, {.conversation = bed.conversations_[i % contacts], .text = text(i)}));
  }
  static Status reply(Bed& bed, store::Transaction& tx, std::size_t i) {
    return done(
        send_reply(tx, bed.company_.alice, {.conversation = bed.conversations_[i % contacts], .text = text(i)}));
  }

  // Acts in a second and processor microseconds an act.
  std::pair<double, double> block(const Act& act, std::size_t first, std::size_t count) {
    bench::is_ledger_on = has_ledger_;
    auto start = now();
    std::counting_semaphore<> room(waiting);
    for (std::size_t i = first; i < first + count; ++i) {
      room.acquire();
      db_->submit([this, &act, i](store::Transaction& tx) { return act(*this, tx, i); },
                  [&room](const Status& status) {
                    ensure(status.has_value(), status ? "" : status.error().code);
                    room.release();
                  });
    }
    for (int i = 0; i < waiting; ++i) room.acquire();
    if (has_ledger_) ensure(sealer_.seal(company_.workspace).has_value(), "seal");
    auto end = now();
    auto number = static_cast<double>(count);
    return {number / (end.wall_s - start.wall_s), (end.cpu_s - start.cpu_s) / number * 1e6};
  }

 private:
  template <class T>
  static Status done(const Result<T>& result) {
    if (!result) return std::unexpected(result.error());
    return {};
  }
  static std::string address(std::size_t i) { return "c" + std::to_string(i) + "@example.org"; }
  static std::string text(std::size_t i) {
    std::string text = "Number " + std::to_string(i) + ".";
    while (text.size() < 1'000) text += " Where is the blue teapot that I ordered?";
    return text;
  }
  std::unique_ptr<store::Database> open(const std::string& file) {
    bench::is_ledger_on = has_ledger_;
    store::DatabaseOptions options{.location = file};
    options.on_commit = [this](WorkspaceId workspace) {
      if (has_ledger_) sealer_.notice(workspace);
    };
    auto db = store::Database::open(std::move(options), clock_, metrics_);
    ensure(db.has_value(), "open");
    for (auto schema : store::Schemas ANSWERABLE_CONVERSATION_SCHEMAS)
      ensure((*db)->migrate(schema).has_value(), "migrate");
    return *std::move(db);
  }

  const bool has_ledger_;
  FakeClock clock_;
  Metrics metrics_;
  std::unique_ptr<store::Database> db_;
  audit::Sealer sealer_;
  Company company_;
  std::vector<ConversationId> conversations_;
};

double middle(std::vector<double> list) {
  std::ranges::sort(list);
  return list[list.size() / 2];
}

struct Size {
  std::size_t acts = 4'000;
  int pairs = 16;
};

void compare(const char* what, const Bed::Act& act, std::pair<Bed&, Bed&> beds, Size size) {
  auto& [on, off] = beds;
  std::vector<double> rates_on, rates_off, ratios, cpu_on, cpu_off;
  for (int pair = -1; pair < size.pairs; ++pair) {  // the first warms up
    auto first = static_cast<std::size_t>(pair + 1) * size.acts;
    bool is_on_first = pair % 4 == 0 || pair % 4 == 3;
    auto [earlier, earlier_cpu] = (is_on_first ? on : off).block(act, first, size.acts);
    auto [later, later_cpu] = (is_on_first ? off : on).block(act, first, size.acts);
    if (pair < 0) continue;
    if (!is_on_first) {
      std::swap(earlier, later);
      std::swap(earlier_cpu, later_cpu);
    }
    rates_on.push_back(earlier);
    rates_off.push_back(later);
    ratios.push_back(earlier / later);
    cpu_on.push_back(earlier_cpu);
    cpu_off.push_back(later_cpu);
  }
  std::ranges::sort(ratios);
  auto quarter = ratios.size() / 4;
  fmt::print(
      "{:<10} on {:>7.0f} a second, {:>6.1f} us CPU   off {:>7.0f}, {:>6.1f} us   ratio {:.3f} (half of the "
      "pairs: {:.3f} to {:.3f})   by CPU {:.3f}\n",
      what, middle(rates_on), middle(cpu_on), middle(rates_off), middle(cpu_off), middle(ratios), ratios[quarter],
      ratios[ratios.size() - 1 - quarter], middle(cpu_off) / middle(cpu_on));
}

}  // namespace

int main(int argc, char** argv) {
  log::configure(log::Level::error, log::Format::text);
  Size size;
  if (argc > 1) size.acts = static_cast<std::size_t>(std::atoi(argv[1]));
  if (argc > 2) size.pairs = std::max(1, std::atoi(argv[2]));
  store::TemporaryFolder folder(true);
  std::string place = argc > 3 ? argv[3] : folder.path();
  fmt::print("{} pairs of blocks of {} acts of each kind, in {}\n", size.pairs, size.acts, place);
  Bed on(place + "/on.db", true);
  Bed off(place + "/off.db", false);
  compare("arriving", Bed::arrive, {on, off}, size);
  compare("notes", Bed::note, {on, off}, size);
  compare("replies", Bed::reply, {on, off}, size);
}
