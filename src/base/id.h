// Typed ids: 128-bit UUIDs (RFC 9562), version 7 when made by us, so that new rows land at the end of an index.
// Stored as 16 bytes, shown as 36 characters. Ids of different things do not convert into each other.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace answerable {

class Clock;

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
};

// Thread-safe. Strictly increasing within a process even within one millisecond (RFC 9562 method 1, counter).
Uuid make_uuid_v7(const Clock& clock);
std::string to_string(const Uuid& uuid);
// Accepts exactly the 36-character form, either case.
std::optional<Uuid> parse_uuid(std::string_view text);

template <class Tag>
struct Id {
  Uuid uuid{};

  static Id make(const Clock& clock) { return Id{make_uuid_v7(clock)}; }
  static std::optional<Id> parse(std::string_view text) {
    auto uuid = parse_uuid(text);
    if (!uuid) return std::nullopt;
    return Id{*uuid};
  }
  static Id from_bytes(std::string_view sixteen) {
    Id id;
    if (sixteen.size() == 16) std::memcpy(id.uuid.bytes.data(), sixteen.data(), 16);
    return id;
  }
  std::string_view bytes() const { return {reinterpret_cast<const char*>(uuid.bytes.data()), 16}; }
  std::string text() const { return answerable::to_string(uuid); }
  bool is_nil() const { return uuid == Uuid{}; }
  auto operator<=>(const Id&) const = default;
};

using WorkspaceId = Id<struct WorkspaceTag>;
using UserId = Id<struct UserTag>;
using ApiKeyId = Id<struct ApiKeyTag>;
using SessionId = Id<struct SessionTag>;
using ChannelId = Id<struct ChannelTag>;
using ContactId = Id<struct ContactTag>;
using IdentityId = Id<struct IdentityTag>;
using ConversationId = Id<struct ConversationTag>;
using MessageId = Id<struct MessageTag>;
using AttachmentId = Id<struct AttachmentTag>;
using DeliveryId = Id<struct DeliveryTag>;
using SpoolId = Id<struct SpoolTag>;
using TeamId = Id<struct TeamTag>;
using VisitorId = Id<struct VisitorTag>;

}  // namespace answerable

template <class Tag>
struct std::hash<answerable::Id<Tag>> {
  std::size_t operator()(const answerable::Id<Tag>& id) const noexcept {
    std::uint64_t low = 0;
    std::memcpy(&low, id.uuid.bytes.data() + 8, 8);
    std::uint64_t high = 0;
    std::memcpy(&high, id.uuid.bytes.data(), 8);
    return static_cast<std::size_t>(low ^ (high * 0x9E3779B97F4A7C15ULL));
  }
};
