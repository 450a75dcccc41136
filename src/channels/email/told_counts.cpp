#include "channels/email/told_counts.h"

namespace answerable::channels {

void ToldCounts::add(WorkspaceId workspace, ChannelId channel, std::int64_t day, bool is_taken) {
  std::lock_guard lock(mutex_);
  auto& count = counts_[{workspace, channel, day}];
  ++(is_taken ? count.told : count.refused);
}

Status ToldCounts::flush(store::Database& database) {
  std::map<Key, intake::DayCount> counts;
  {
    std::lock_guard lock(mutex_);
    counts.swap(counts_);
  }
  if (counts.empty()) return {};
  auto written = database.write([&](store::Transaction& tx) -> Status {
    for (auto& [key, count] : counts) {
      count.day = key.day;
      count.way = "lmtp";
      TRY_STATUS(intake::count_told(tx, key.workspace, key.channel, count));
    }
    return {};
  });
  if (written) return {};
  std::lock_guard lock(mutex_);
  for (const auto& [key, count] : counts) {
    counts_[key].told += count.told;
    counts_[key].refused += count.refused;
  }
  return written;
}

}  // namespace answerable::channels
