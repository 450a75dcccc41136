// Wakes readers after a commit, and carries signals that nobody stores (typing, who is looking), to this process and,
// over PostgreSQL, to all other nodes. Losing a wake-up loses nothing, because every reader reads the log from its
// cursor.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"

namespace answerable::cluster {

// Of a signal without a workspace: this node was cut off for a time, and may have missed anything.
inline constexpr std::string_view missed_signals = "missed_signals";

struct Signal {
  std::optional<WorkspaceId> workspace;
  std::string kind;                // [a-z_]+: "contact_typing", "agent_read", "presence" …
  ConversationId conversation;     // nil when it is not about one
  std::string text;                // e.g. a name to show; never stored. Too long (some 7,900 bytes): for this node only
  bool is_from_elsewhere = false;  // another node has signalled it
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
  // The same for all processes on one PostgreSQL. `location`: a libpq connection string. Connects by itself, now and
  // whenever the connection is lost; meanwhile it is one in process.
  static std::unique_ptr<Fanout> across_nodes(std::string location);
  virtual ~Fanout() = default;

  virtual void wake(WorkspaceId workspace) = 0;  // to be called after each commit that announced the workspace
  virtual void signal(const Signal& signal) = 0;
  virtual std::unique_ptr<Subscription> on_wake(std::function<void(WorkspaceId)> callback) = 0;
  virtual std::unique_ptr<Subscription> on_signal(std::function<void(const Signal&)> callback) = 0;
};

}  // namespace answerable::cluster
