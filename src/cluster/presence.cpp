#include "cluster/presence.h"

namespace answerable::cluster {

bool Presence::touch(WorkspaceId workspace, ConversationId conversation, UserId user, ViewerState state) {
  std::lock_guard lock(mutex_);
  auto place = seen_.find({workspace, conversation});
  if (place == seen_.end()) {
    if (seen_.size() >= conversations_max) return false;
    place = seen_.try_emplace({workspace, conversation}).first;
  }
  auto& users = place->second;
  auto known = users.find(user);
  if (known == users.end()) {
    if (users.size() >= viewers_max) return false;
    users.emplace(user, Seen{state, clock_.monotonic_ms()});
    return true;
  }
  bool changed = !is_current(known->second) || known->second.state != state;
  known->second = {state, clock_.monotonic_ms()};
  return changed;
}

bool Presence::leave(WorkspaceId workspace, ConversationId conversation, UserId user) {
  std::lock_guard lock(mutex_);
  auto place = seen_.find({workspace, conversation});
  if (place == seen_.end()) return false;
  auto known = place->second.find(user);
  if (known == place->second.end()) return false;
  bool was_there = is_current(known->second);
  place->second.erase(known);
  if (place->second.empty()) seen_.erase(place);
  return was_there;
}

std::vector<Viewer> Presence::viewers(WorkspaceId workspace, ConversationId conversation) const {
  std::lock_guard lock(mutex_);
  std::vector<Viewer> list;
  auto place = seen_.find({workspace, conversation});
  if (place == seen_.end()) return list;
  for (const auto& [user, seen] : place->second) {
    if (is_current(seen)) list.push_back({user, seen.state});
  }
  return list;
}

std::vector<ViewedConversation> Presence::expire() {
  std::lock_guard lock(mutex_);
  std::vector<ViewedConversation> changed;
  for (auto place = seen_.begin(); place != seen_.end();) {
    auto gone = std::erase_if(place->second, [this](const auto& entry) { return !is_current(entry.second); });
    if (gone > 0) changed.push_back(place->first);
    place = place->second.empty() ? seen_.erase(place) : std::next(place);
  }
  return changed;
}

}  // namespace answerable::cluster
