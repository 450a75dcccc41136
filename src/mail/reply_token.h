// Signed tokens by which an answer finds its conversation: in the reply address (help+token@example.com) and in our
// Message-IDs (<id.token@example.com>). A token holds the conversation's id and HMAC-SHA-256 over workspace and
// conversation, cut to 128 bits, in lower-case base32 (RFC 4648 alphabet), 52 characters: it survives servers that fold
// case. It travels with forwarded mail, so it says where an answer belongs, not who may give one: intake asks whether
// the sender takes part. Pure, thread-safe; comparison in constant time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "mail/message.h"

namespace answerable::mail {

inline constexpr std::size_t reply_token_bytes = 52;

// `key`: a secret of the installation of at least 32 bytes.
std::string make_reply_token(std::string_view key, WorkspaceId workspace, ConversationId conversation);
// The conversation, when the token was made with this key for this workspace. Either letter case.
std::optional<ConversationId> verify_reply_token(std::string_view key, WorkspaceId workspace, std::string_view token);

// help@example.com -> help+token@example.com; error "address_too_long" when the local part has no room for it (64
// octets): then the token travels in the Message-ID alone.
Result<std::string> tag_address(std::string_view address, std::string_view token);
// The address without its token, or as it is.
std::string untag_address(std::string_view address);
std::string tag_message_id(std::string_view unique, std::string_view token, std::string_view domain);

enum class TokenPlace : std::uint8_t { recipient, in_reply_to, references, bounced };

struct FoundToken {
  ConversationId conversation;
  TokenPlace place = TokenPlace::recipient;
};

// The first valid token among recipients (Delivered-To, To, Cc), In-Reply-To, References (newest first) and, for a
// bounce, the Message-ID of the mail that came back.
std::optional<FoundToken> find_reply_token(std::string_view key, WorkspaceId workspace, const ParsedMessage& message);

}  // namespace answerable::mail
