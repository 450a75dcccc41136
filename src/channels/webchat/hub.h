// The open sockets of each visitor. Thread-safe. What is pushed to a visitor without a socket is in the transcript
// anyway.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/id.h"

namespace answerable::channels::webchat {

// For a frame about a line that a welcome may hold as it was before.
inline constexpr std::int64_t never_left_out = std::numeric_limits<std::int64_t>::max();

// One open chat, as the hub sees it. Implementations are thread-safe and do not block.
class Listener {
 public:
  virtual ~Listener() = default;
  // `seq` is the number of the line in the transcript, 0 for what has none (typing).
  virtual void push(std::shared_ptr<const std::string> frame, std::int64_t seq) = 0;
  // It may have missed a line: the visitor comes again, and gets what is new.
  virtual void send_away() = 0;
};

struct Present {
  WorkspaceId workspace;
  ChannelId channel;
  VisitorId visitor;
};

class Hub {
 public:
  // False when the visitor has as many sockets as may be.
  bool add(const Present& who, std::shared_ptr<Listener> listener);
  void remove(VisitorId visitor, const Listener* listener);
  // To all sockets of the visitor but `except`.
  void push(VisitorId visitor, std::string frame, std::int64_t seq, const Listener* except = nullptr);

  bool is_here(VisitorId visitor) const;
  void send_away();  // everybody
  void send_away(VisitorId visitor);

  void learn_conversation(VisitorId visitor, ConversationId conversation);
  std::optional<ConversationId> conversation_of(VisitorId visitor) const;
  std::optional<VisitorId> visitor_of(ConversationId conversation) const;
  // Visitors of the workspace who are here and whose conversation nobody has looked up yet.
  std::vector<Present> without_conversation(WorkspaceId workspace) const;
  std::size_t socket_count() const;

 private:
  struct Entry {
    Present who;
    std::vector<std::shared_ptr<Listener>> listeners;
    std::optional<ConversationId> conversation;
  };
  mutable std::mutex mutex_;
  std::unordered_map<VisitorId, Entry> visitors_;
  std::unordered_map<ConversationId, VisitorId> by_conversation_;
  std::size_t sockets_ = 0;
};

}  // namespace answerable::channels::webchat
