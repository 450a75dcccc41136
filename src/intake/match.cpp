#include "intake/match.h"

namespace answerable::intake {

std::optional<ConversationId> choose_conversation(std::span<const Evidence> evidence) {
  const Evidence* best = nullptr;
  for (const auto& one : evidence) {
    if (one.kind != Evidence::Kind::channel_thread && !one.sender_takes_part) continue;
    if (best == nullptr || one.kind < best->kind) best = &one;
  }
  if (best == nullptr) return std::nullopt;
  return best->conversation;
}

}  // namespace answerable::intake
