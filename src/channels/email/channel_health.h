// The health of a channel whose mailbox has several folders: failing while one of them has a problem, which is named.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "intake/channel_directory.h"
#include "store/database.h"

namespace answerable::channels {

class ChannelHealth {
 public:
  ChannelHealth(store::Database& database, intake::ChannelDirectory& channels)
      : database_(database), channels_(channels) {}
  // `about`: what it is about ("INBOX"); an empty `problem` is the end of the former one. Any thread; blocks.
  void tell(const intake::Channel& channel, const std::string& about, const std::string& problem);

 private:
  store::Database& database_;
  intake::ChannelDirectory& channels_;
  std::mutex mutex_;
  std::map<std::string, std::string> problems_;
};

}  // namespace answerable::channels
