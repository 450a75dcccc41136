// Takes note of readings while people read: in memory, and from there to the database once a second, all in one job, so
// that a reading costs no write of its own. What was noted in the last second is lost with a crash. When the database
// takes nothing for long, reading is refused: nobody reads without account. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "access/read_log.h"
#include "access/read_rules.h"
#include "store/database.h"

namespace answerable::access {

class ReadRecorder {
 public:
  static constexpr std::size_t waiting_max = 20'000;  // readings that are not in the database yet
  static constexpr std::int64_t write_every_ms = 1'000;
  static constexpr std::int64_t same_within_ms = 10 * 60'000;  // one who reads the same again is noted once
  static constexpr std::int64_t reason_holds_ms = 8 * 3'600'000;
  static constexpr std::int64_t hour_ms = 3'600'000;
  static constexpr std::int64_t rules_kept_ms = 2'000;
  static constexpr std::size_t remembered_max = 200'000;  // of what was read lately, by this process

  ReadRecorder(store::Database& database, const Clock& clock);  // starts its thread
  ~ReadRecorder();                                              // stop()
  void stop();                                                  // writes what waits

  struct What {
    ReadKind kind = ReadKind::conversation;
    ContactId contact = {};
    ConversationId conversation = {};
    std::string object = {};
  };
  // Before anything is handed out. Errors: unavailable "read_log_full".
  Status note(const Actor& by, const What& what, std::string reason = {});
  // The same for a conversation that is opened, when that is usual or `reason` says why. A reason holds for the person
  // and the conversation for eight hours. Errors: also denied "reason_required", invalid "bad_reason".
  Status open(store::Session& session, const Actor& by, const What& what, const Opened& opened, std::string reason);

  // Writes what waits, on the caller's thread, and seals what is due.
  Status write();

 private:
  struct Lately {                                                // of one person
    std::deque<std::pair<std::int64_t, ConversationId>> others;  // when (monotonic), not their own, each once
  };
  Result<ReadRules> rules(store::Session& session, WorkspaceId workspace);
  std::int64_t others_lately(const Actor& by, ConversationId opened, bool is_own);
  void loop();

  store::Database& database_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Reading> waiting_;
  std::unordered_map<std::string, std::int64_t> noted_;    // who read what: when (monotonic)
  std::unordered_map<std::string, std::int64_t> reasons_;  // who and which conversation: when a reason was given
  std::unordered_map<UserId, Lately> lately_;
  struct KnownRules {
    ReadRules rules;
    std::int64_t loaded_ms = 0;
  };
  std::unordered_map<WorkspaceId, KnownRules> rules_;
  bool is_stopped_ = false;
  std::mutex writing_;
  std::thread thread_;
};

}  // namespace answerable::access
