// A conversation as a list shows it: everything that the API's item needs but the names of the channel and the
// assignee, which few people and channels have: keep those in a small cache and look them up by id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"

namespace answerable::conversations {

// The numbers are stored: never change them.
enum class ConversationStatus : std::uint8_t { open = 0, snoozed = 1, closed = 2 };
std::string_view to_string(ConversationStatus status);  // "open", "snoozed", "closed"
std::optional<ConversationStatus> parse_conversation_status(std::string_view text);

enum class Direction : std::uint8_t { inbound = 0, outbound = 1, note = 2 };
std::string_view to_string(Direction direction);  // "inbound", "outbound", "note"

inline constexpr std::size_t subject_max_bytes = 998;
inline constexpr std::size_t preview_max_bytes = 200;
inline constexpr std::size_t tag_max_bytes = 64;
inline constexpr std::size_t tags_max = 20;
inline constexpr std::size_t message_text_max_bytes = 1 << 20;
inline constexpr std::size_t attachments_per_message_max = 50;

struct ConversationItem {
  ConversationId id;
  std::int64_t number = 0;  // from 1 within the workspace
  std::string subject;
  ConversationStatus status = ConversationStatus::open;
  std::optional<Time> snoozed_until;
  ChannelId channel;
  std::string channel_kind;
  ContactId contact;
  std::string contact_name, contact_address;
  UserId assignee;  // nil: nobody
  std::string preview;
  Time last_message_at;
  Direction last_message_direction = Direction::inbound;
  MessageId last_message;
  bool is_unread = false;
  std::int64_t message_count = 0;
  std::vector<std::string> tags;  // sorted
  std::int64_t version = 0;       // grows with every change; the ETag
  Time created_at;
  std::string_view undelivered;  // of its last message, if that is ours and has not left: "failed", "unknown"
  std::optional<ConversationId> suggested_join;  // it may belong to that one: suggestion.h
};

}  // namespace answerable::conversations
