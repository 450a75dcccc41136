#include "mail/reply_token.h"

#include <algorithm>

#include "base/digest.h"
#include "base/ensure.h"
#include "mail/address.h"
#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t mac_bytes = 16;

std::string to_base32(std::string_view bytes) {
  std::string out;
  unsigned bits = 0, held = 0;
  for (char c : bytes) {
    bits = (bits << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
    for (held += 8; held >= 5; held -= 5) out += alphabet[bits >> (held - 5) & 31U];
  }
  if (held > 0) out += alphabet[bits << (5 - held) & 31U];
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string out;
  unsigned bits = 0, held = 0;
  for (char c : text) {
    auto value = alphabet.find(lower(c));
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 5U | static_cast<unsigned>(value)) & 0xFFFFU;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xFFU);
  }
  if ((bits & ((1U << held) - 1)) != 0) return std::nullopt;  // one token has one spelling
  return out;
}

std::string mac_of(std::string_view key, WorkspaceId workspace, ConversationId conversation) {
  auto signed_text = "answerable reply token 1\n" + std::string(workspace.bytes()) + std::string(conversation.bytes());
  return std::string(as_bytes(hmac_sha256(key, signed_text)).substr(0, mac_bytes));
}

bool has_token_form(std::string_view text) {
  return text.size() == reply_token_bytes &&
         std::ranges::all_of(text, [](char c) { return alphabet.find(lower(c)) != std::string_view::npos; });
}

// What stands after the last `mark` of the part before the @.
std::string_view token_after(char mark, std::string_view address) {
  auto local = local_part(address);
  auto at = local.rfind(mark);
  if (at == std::string_view::npos) return {};
  auto token = local.substr(at + 1);
  return has_token_form(token) ? token : std::string_view{};
}

}  // namespace

std::string make_reply_token(std::string_view key, WorkspaceId workspace, ConversationId conversation) {
  ensure(key.size() >= 32, "the key of reply tokens has at least 32 bytes");
  return to_base32(std::string(conversation.bytes()) + mac_of(key, workspace, conversation));
}

std::optional<ConversationId> verify_reply_token(std::string_view key, WorkspaceId workspace, std::string_view token) {
  ensure(key.size() >= 32, "the key of reply tokens has at least 32 bytes");
  if (!has_token_form(token)) return std::nullopt;
  auto bytes = from_base32(token);
  if (!bytes || bytes->size() != 16 + mac_bytes) return std::nullopt;
  auto conversation = ConversationId::from_bytes(std::string_view(*bytes).substr(0, 16));
  auto mac = std::string_view(*bytes).substr(16);
  if (!equal_in_constant_time(mac, mac_of(key, workspace, conversation))) return std::nullopt;
  return conversation;
}

Result<std::string> tag_address(std::string_view address, std::string_view token) {
  TRY(auto normal, normalise_address(address));
  auto local = std::string(local_part(normal)) + "+" + std::string(token);
  auto tagged = local + "@" + std::string(domain_part(normal));
  if (local.size() > max_local_part_bytes || tagged.size() > max_address_bytes)
    return fail(ErrorKind::limited, "address_too_long",
                "Use an address whose part before the @ has at most 11 characters.");
  return tagged;
}

std::string untag_address(std::string_view address) {
  auto token = token_after('+', address);
  if (token.empty()) return std::string(address);
  auto local = local_part(address);
  return std::string(local.substr(0, local.size() - token.size() - 1)) + "@" + std::string(domain_part(address));
}

std::string tag_message_id(std::string_view unique, std::string_view token, std::string_view domain) {
  return std::string(unique) + "." + std::string(token) + "@" + std::string(domain);
}

std::optional<FoundToken> find_reply_token(std::string_view key, WorkspaceId workspace, const ParsedMessage& message) {
  std::optional<FoundToken> found;
  auto look = [&](std::string_view token, TokenPlace place) {
    if (found || token.empty()) return;
    if (auto conversation = verify_reply_token(key, workspace, token)) found = FoundToken{*conversation, place};
  };
  for (const auto& address : message.delivered_to) look(token_after('+', address), TokenPlace::recipient);
  for (const auto* list : {&message.to, &message.cc})
    for (const auto& address : *list) look(token_after('+', address.address), TokenPlace::recipient);
  look(token_after('.', message.in_reply_to), TokenPlace::in_reply_to);
  for (auto id = message.references.rbegin(); id != message.references.rend(); ++id)
    look(token_after('.', *id), TokenPlace::references);
  if (message.bounce) look(token_after('.', message.original_message_id), TokenPlace::bounced);
  return found;
}

}  // namespace answerable::mail
