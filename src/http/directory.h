// Names of a workspace's people, kept for two seconds: a list of fifty conversations needs them and they hardly ever
// change.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/id.h"
#include "intake/channel_directory.h"
#include "store/session.h"

namespace answerable::http {

struct PeopleNames {
  std::unordered_map<UserId, std::string> by_id;
  std::string_view find(UserId id) const;  // empty when unknown
};

// Thread-safe.
class Directory {
 public:
  static constexpr std::int64_t kept_ms = 2'000;

  Directory(const intake::ChannelDirectory& channels, const Clock& clock) : channels_(channels), clock_(clock) {}
  Result<std::shared_ptr<const PeopleNames>> people(store::Session& session, WorkspaceId workspace);
  intake::ChannelDirectory::ChannelPtr channel(WorkspaceId workspace, ChannelId id) const {
    return channels_.find(workspace, id);
  }
  void forget(WorkspaceId workspace);  // after a commit that changed people

 private:
  struct Known {
    std::shared_ptr<const PeopleNames> names;
    std::int64_t loaded_ms = 0;  // monotonic
  };
  const intake::ChannelDirectory& channels_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<WorkspaceId, Known> known_;
};

}  // namespace answerable::http
