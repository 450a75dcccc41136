#include "channels/webchat/hub.h"

#include "channels/webchat/limits.h"

namespace answerable::channels::webchat {

bool Hub::add(const Present& who, std::shared_ptr<Listener> listener) {
  std::lock_guard lock(mutex_);
  auto& entry = visitors_[who.visitor];
  if (entry.listeners.size() >= sockets_per_visitor_max) return false;
  entry.who = who;
  entry.listeners.push_back(std::move(listener));
  ++sockets_;
  return true;
}

void Hub::remove(VisitorId visitor, const Listener* listener) {
  std::shared_ptr<Listener> last;  // may be destroyed here: after the lock is free
  std::lock_guard lock(mutex_);
  auto known = visitors_.find(visitor);
  if (known == visitors_.end()) return;
  auto& listeners = known->second.listeners;
  for (auto one = listeners.begin(); one != listeners.end(); ++one) {
    if (one->get() != listener) continue;
    last = std::move(*one);
    listeners.erase(one);
    --sockets_;
    break;
  }
  if (!listeners.empty()) return;
  if (known->second.conversation) by_conversation_.erase(*known->second.conversation);
  visitors_.erase(known);
}

void Hub::push(VisitorId visitor, std::string frame, std::int64_t seq, const Listener* except) {
  auto shared = std::make_shared<const std::string>(std::move(frame));
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    std::lock_guard lock(mutex_);
    auto known = visitors_.find(visitor);
    if (known == visitors_.end()) return;
    listeners = known->second.listeners;
  }
  for (const auto& listener : listeners)
    if (listener.get() != except) listener->push(shared, seq);
}

bool Hub::is_here(VisitorId visitor) const {
  std::lock_guard lock(mutex_);
  return visitors_.contains(visitor);
}

void Hub::send_away() {
  std::vector<std::shared_ptr<Listener>> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [visitor, entry] : visitors_)
      all.insert(all.end(), entry.listeners.begin(), entry.listeners.end());
  }
  for (const auto& listener : all) listener->send_away();
}

void Hub::send_away(VisitorId visitor) {
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    std::lock_guard lock(mutex_);
    if (auto known = visitors_.find(visitor); known != visitors_.end()) listeners = known->second.listeners;
  }
  for (const auto& listener : listeners) listener->send_away();
}

void Hub::learn_conversation(VisitorId visitor, ConversationId conversation) {
  std::lock_guard lock(mutex_);
  auto known = visitors_.find(visitor);
  if (known == visitors_.end()) return;
  known->second.conversation = conversation;
  by_conversation_[conversation] = visitor;
}

std::optional<ConversationId> Hub::conversation_of(VisitorId visitor) const {
  std::lock_guard lock(mutex_);
  auto known = visitors_.find(visitor);
  return known == visitors_.end() ? std::nullopt : known->second.conversation;
}

std::optional<VisitorId> Hub::visitor_of(ConversationId conversation) const {
  std::lock_guard lock(mutex_);
  auto known = by_conversation_.find(conversation);
  if (known == by_conversation_.end()) return std::nullopt;
  return known->second;
}

std::vector<Present> Hub::without_conversation(WorkspaceId workspace) const {
  std::lock_guard lock(mutex_);
  std::vector<Present> list;
  for (const auto& [visitor, entry] : visitors_)
    if (entry.who.workspace == workspace && !entry.conversation) list.push_back(entry.who);
  return list;
}

std::size_t Hub::socket_count() const {
  std::lock_guard lock(mutex_);
  return sockets_;
}

}  // namespace answerable::channels::webchat
