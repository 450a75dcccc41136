// Who is looking at a conversation, or typing in it, right now: for the collision warning. In memory only; a screen
// says so every 15 s (heartbeat_ms) and is forgotten 45 s after its last word (expiry_ms). Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/id.h"

namespace answerable::cluster {

enum class ViewerState : std::uint8_t { viewing, typing };

struct Viewer {
  UserId user;
  ViewerState state = ViewerState::viewing;
};

struct ViewedConversation {
  WorkspaceId workspace;
  ConversationId conversation;
  auto operator<=>(const ViewedConversation&) const = default;
};

class Presence {
 public:
  static constexpr std::int64_t heartbeat_ms = 15'000;
  static constexpr std::int64_t expiry_ms = 45'000;
  static constexpr std::size_t viewers_max = 64;             // of one conversation
  static constexpr std::size_t conversations_max = 100'000;  // with a viewer

  explicit Presence(const Clock& clock) : clock_(clock) {}

  // Whether others have to be told: somebody came, or began or ceased typing. Beyond a limit the viewer is not kept.
  bool touch(WorkspaceId workspace, ConversationId conversation, UserId user, ViewerState state);
  // Whether the user was there.
  bool leave(WorkspaceId workspace, ConversationId conversation, UserId user);
  // In the order of their ids.
  std::vector<Viewer> viewers(WorkspaceId workspace, ConversationId conversation) const;
  // Forgets who has gone silent; the conversations where somebody was forgotten. To be called every few seconds.
  std::vector<ViewedConversation> expire();

 private:
  struct Seen {
    ViewerState state;
    std::int64_t last_ms;  // monotonic
  };
  bool is_current(const Seen& seen) const { return clock_.monotonic_ms() - seen.last_ms < expiry_ms; }

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<ViewedConversation, std::map<UserId, Seen>> seen_;
};

}  // namespace answerable::cluster
