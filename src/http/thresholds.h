// The thresholds of those that watch, as the policy and the agreement of a workspace have them. Remembered for a
// minute. Thread-safe.
#pragma once

#include <mutex>
#include <unordered_map>

#include "access/bulk_reading.h"
#include "access/code_use.h"
#include "store/database.h"

namespace answerable::http {

struct WatchLimits {
  access::CodeUseLimits code_use;
  access::ReadingLimits person;
  access::ReadingLimits program{.an_hour = 3'000, .a_day = 30'000};
};

class Thresholds {
 public:
  static constexpr std::int64_t remembered_ms = 60'000;
  static constexpr std::size_t remembered_max = 10'000;

  // Both outlive it.
  Thresholds(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  // The standard ones when the database cannot be read: then the request fails elsewhere.
  WatchLimits of(WorkspaceId workspace);

 private:
  struct Known {
    std::int64_t read_ms = 0;
    WatchLimits limits;
  };
  store::Database& database_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<WorkspaceId, Known> known_;
};

}  // namespace answerable::http
