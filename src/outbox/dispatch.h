// Lets due deliveries leave: leases, renders (stored before the first attempt), sends, records. A few threads of its
// own; each works on one delivery at a time. Sleeps until the next due time, a wake-up or a second has passed. A third
// of them at most work for one channel, half for one workspace: a server that takes a connection and never answers
// holds up nobody else's.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "outbox/carrier.h"
#include "store/blobs.h"
#include "store/database.h"

namespace answerable::outbox {

// Asked before each attempt, with the bytes that it would send. Nothing: they may leave. A text: they never may, and
// why. Error unavailable: not now; the delivery waits and is asked about again. Blocks. Any outbox thread.
using Examine = std::function<Result<std::optional<std::string>>(const Delivery&)>;

struct DispatcherOptions {
  std::string node = "node-1";         // names this process: leases it left behind are taken up again at start
  int threads = 12;                    // 1 to 64
  Examine examine = {};                // empty: nobody asks
  Undelivered on_undelivered = {};     // what it means to others that a message has not left
  std::int64_t record_again_ms = 200;  // first wait when an outcome cannot be written; doubles to 5 s
};

class Dispatcher {
 public:
  // All arguments outlive the dispatcher. `blobs` keeps rendered messages that are too large for a row.
  static std::unique_ptr<Dispatcher> make(store::Database& database, store::Blobs& blobs, FindCarrier find_carrier,
                                          Metrics& metrics, DispatcherOptions options = {});
  virtual ~Dispatcher() = default;  // stops

  // Takes up what a crash left, then works until stop().
  virtual Status start() = 0;
  // Something may be due: to be called after commits (cluster::Fanout::on_wake). Cheap, thread-safe.
  virtual void wake() = 0;
  // Finishes the attempts under way and returns. What is queued stays queued.
  virtual void stop() = 0;
  // Does on the caller's thread everything that is due now; returns the number of attempts. For tests and `answerable
  // mail flush`.
  virtual Result<int> run_once() = 0;
};

}  // namespace answerable::outbox
