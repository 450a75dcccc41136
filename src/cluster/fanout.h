// Wakes readers after a commit, and carries signals that nobody stores (typing, who is looking). In process; losing a
// wake-up loses nothing, because every reader reads the log from its cursor.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/id.h"

namespace answerable::cluster {

struct Signal {
  std::optional<WorkspaceId> workspace;
  std::string kind;             // "contact_typing", "agent_typing", "agent_read", "presence"
  ConversationId conversation;  // nil when it is not about one
  std::string text;             // e.g. a name to show; never stored
};

// Ends the subscription when destroyed. After the destructor returns the callback is not running and never will again.
class Subscription {
 public:
  virtual ~Subscription() = default;
};

// Thread-safe. Callbacks run on the thread that woke or signalled: they must be short and may not call back into
// Fanout's subscribe functions or destroy their own Subscription.
class Fanout {
 public:
  static std::unique_ptr<Fanout> in_process();
  virtual ~Fanout() = default;

  virtual void wake(WorkspaceId workspace) = 0;  // to be called after each commit that announced the workspace
  virtual void signal(const Signal& signal) = 0;
  virtual std::unique_ptr<Subscription> on_wake(std::function<void(WorkspaceId)> callback) = 0;
  virtual std::unique_ptr<Subscription> on_signal(std::function<void(const Signal&)> callback) = 0;
};

}  // namespace answerable::cluster
