#include "conversations/conversation.h"

namespace answerable::conversations {

std::string_view to_string(ConversationStatus status) {
  switch (status) {
    case ConversationStatus::open: return "open";
    case ConversationStatus::snoozed: return "snoozed";
    case ConversationStatus::closed: return "closed";
  }
  return "open";
}

std::optional<ConversationStatus> parse_conversation_status(std::string_view text) {
  for (auto status : {ConversationStatus::open, ConversationStatus::snoozed, ConversationStatus::closed}) {
    if (text == to_string(status)) return status;
  }
  return std::nullopt;
}

std::string_view to_string(Direction direction) {
  switch (direction) {
    case Direction::inbound: return "inbound";
    case Direction::outbound: return "outbound";
    case Direction::note: return "note";
  }
  return "note";
}

}  // namespace answerable::conversations
