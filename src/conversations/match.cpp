#include "conversations/match.h"

#include <algorithm>

#include "conversations/lines.h"
#include "conversations/match_key.h"
#include "conversations/participants.h"
#include "outbox/deliveries.h"

namespace answerable::conversations {
namespace {

bool names(std::string_view shown, std::string_view address) { return is_same_address(address_in(shown), address); }

bool any_names(std::string_view lines, std::string_view address) {
  return std::ranges::any_of(from_lines(lines), [&](const auto& line) { return names(line, address); });
}

Result<std::optional<KnownMessage>> find_one(store::Session& session, WorkspaceId workspace,
                                             std::string_view external_id) {
  auto key = match_key(external_id);
  // In the order of the key's index: by the id alone SQLite would walk all messages in that order instead.
  TRY(auto stored,
      session.find("select id, conversation_id from messages where workspace_id = $1 and external_key = $2 "
                   "and external_key is not null and external_id = $3 order by created_at, id limit 1",
                   {workspace, store::Bytes{key}, external_id}, [&](const store::Row& row) {
                     return KnownMessage{.external_id = std::string(external_id),
                                         .message = row.id<MessageId>(0),
                                         .conversation = row.id<ConversationId>(1)};
                   }));
  if (stored) return stored;
  TRY(auto sent, outbox::find_sent(session, workspace, external_id));
  if (!sent) return std::optional<KnownMessage>();
  return std::optional(KnownMessage{
      .external_id = std::string(external_id), .message = sent->message, .conversation = sent->conversation});
}

}  // namespace

Result<std::vector<KnownMessage>> find_by_external_ids(store::Session& session, WorkspaceId workspace,
                                                       std::span<const std::string> external_ids) {
  auto last = external_ids.last(std::min(external_ids.size(), references_looked_up_max));
  std::vector<KnownMessage> found;
  for (const auto& external_id : last) {
    if (external_id.empty() || external_id.size() > external_id_max_bytes) continue;
    TRY(auto one, find_one(session, workspace, external_id));
    if (one) found.push_back(*std::move(one));
  }
  return found;
}

Result<std::vector<MessageId>> find_in_conversation(store::Session& session, WorkspaceId workspace,
                                                    ConversationId conversation, std::string_view external_id) {
  auto key = match_key(external_id);
  return session.all(
      "select id from messages where workspace_id = $1 and external_key = $2 and external_key is not null "
      "and external_id = $3 and conversation_id = $4 and direction = 0 order by created_at, id limit $5",
      {workspace, store::Bytes{key}, external_id, conversation, same_id_max},
      [](const store::Row& row) { return row.id<MessageId>(0); });
}

Result<std::optional<ConversationId>> find_by_thread(store::Session& session, WorkspaceId workspace, ChannelId channel,
                                                     std::string_view thread_key) {
  if (thread_key.empty()) return std::optional<ConversationId>();
  return session.find(
      "select id from conversations where workspace_id = $1 and channel_id = $2 and thread_key = $3 "
      "and thread_key <> ''",
      {workspace, channel, thread_key}, [](const store::Row& row) { return row.id<ConversationId>(0); });
}

Result<std::optional<ThreadState>> find_thread_state(store::Session& session, WorkspaceId workspace,
                                                     ConversationId conversation) {
  return session.find(
      "select channel_id, thread_key, unread, (select count(*) from messages m where m.workspace_id = c.workspace_id "
      "and m.conversation_id = c.id and m.direction = 0) from conversations c "
      "where workspace_id = $1 and id = $2 and thread_key <> ''",
      {workspace, conversation}, [](const store::Row& row) {
        return ThreadState{row.id<ChannelId>(0), row.string(1), row.flag(2), row.integer(3)};
      });
}

Result<bool> was_proven(store::Session& session, WorkspaceId workspace, std::string_view address_key) {
  TRY(auto proven, session.number("select count(*) from identities where workspace_id = $1 and kind = 'email' "
                                  "and address_key = $2 and verified = 1",
                                  {workspace, address_key}));
  return proven > 0;
}

Result<bool> conversation_exists(store::Session& session, WorkspaceId workspace, ConversationId conversation) {
  TRY(auto found, session.number("select count(*) from conversations where workspace_id = $1 and id = $2",
                                 {workspace, conversation}));
  return found > 0;
}

Result<bool> takes_part(store::Session& session, WorkspaceId workspace, ConversationId conversation,
                        std::string_view address, ContactId contact) {
  TRY(auto owner,
      session.find("select contact_id, contact_address from conversations where workspace_id = $1 and id = $2",
                   {workspace, conversation},
                   [](const store::Row& row) { return std::pair(row.id<ContactId>(0), row.string(1)); }));
  if (!owner) return false;
  if (!contact.is_nil() && owner->first == contact) return true;
  if (address.empty()) return false;
  if (names(owner->second, address)) return true;
  bool takes_part = false;
  TRY_STATUS(
      session.each("select from_address, recipients, copies, blind_copies from messages where workspace_id = $1 "
                   "and conversation_id = $2 and cancelled = 0 order by position desc limit $3",
                   {workspace, conversation, participants_looked_at_max}, [&](const store::Row& row) {
                     takes_part = takes_part || names(row.text(0), address) || any_names(row.text(1), address) ||
                                  any_names(row.text(2), address) || any_names(row.text(3), address);
                   }));
  return takes_part;
}

}  // namespace answerable::conversations
