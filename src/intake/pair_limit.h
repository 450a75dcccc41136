// Counts automatic messages per channel and sender in a sliding hour, so that two robots cannot talk for ever. In
// memory: a restart forgives. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/id.h"

namespace answerable::intake {

class PairLimit {
 public:
  // Counts this one; true when it is one too many.
  bool is_reached(ChannelId channel, std::string_view sender, Time now);

 private:
  struct Window {
    std::int64_t started_ms = 0;
    int count = 0;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Window> pairs_;
};

}  // namespace answerable::intake
