// What LMTP and SMTP peers were told, by channel: counted where the answer is given and not where mail is stored, so
// that the one can be held against the other. In memory until flush(); a crash loses counts of what was told, and so
// can only make that look smaller than what is stored.
#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "base/id.h"
#include "intake/completeness.h"
#include "store/database.h"

namespace answerable::channels {

class ToldCounts {
 public:
  // Any thread.
  void add(WorkspaceId workspace, ChannelId channel, std::int64_t day, bool is_taken);
  // Writes what was counted since the last time; keeps it when that fails. Blocks; one thread at a time.
  Status flush(store::Database& database);

 private:
  struct Key {
    WorkspaceId workspace;
    ChannelId channel;
    std::int64_t day = 0;
    auto operator<=>(const Key&) const = default;
  };
  std::mutex mutex_;
  std::map<Key, intake::DayCount> counts_;
};

}  // namespace answerable::channels
