// Copies the write-ahead log into the database file on a thread and a connection of its own, so that no commit waits
// for the disk's slow half. Only the writer can let the log start over, and only once all of it is copied: it copies
// the last few pages itself (SqliteDriver::maintain).
// SQLite to 3.51.2 may damage a database when a checkpoint begins while another connection's transaction lets the log
// start over. That cannot be here: a pass is begun by the writer's thread only, between two transactions, one at a
// time, and only when the log holds pages that are not copied; so until that pass has ended no transaction starts it
// over.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/result.h"

namespace answerable::store {

class Checkpointer {
 public:
  struct Pass {
    std::uint64_t round = 0;  // of the log, as the writer counts: each time it starts over
    int copied_pages = 0;     // from the log's beginning, all passes of the round together
  };

  Checkpointer(std::string location, std::string vfs) : location_(std::move(location)), vfs_(std::move(vfs)) {}
  ~Checkpointer();  // waits for the pass at hand

  // For the writer's thread, between transactions, when none is running and something is left to copy. Returns at once.
  void start_pass(std::uint64_t round);
  bool is_running() const;
  void wait();  // until none is running
  // What the last pass has done. An error means that the file cannot be trusted any more; it stays.
  Result<Pass> last() const;

 private:
  void loop();

  const std::string location_;
  const std::string vfs_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable ended_;
  std::optional<std::uint64_t> asked_;  // a pass is wanted or under way
  bool stopping_ = false;
  Result<Pass> last_ = Pass{};
  std::thread thread_;  // begun by the first pass: tools that write a row or two need none
};

}  // namespace answerable::store
