#include "conversations/append_inbound.h"

#include "audit/ledger.h"
#include "base/utf8.h"
#include "cluster/event_log.h"
#include "conversations/conversation_table.h"
#include "conversations/create_conversation.h"
#include "conversations/lines.h"
#include "conversations/list.h"
#include "conversations/match.h"
#include "conversations/match_key.h"
#include "conversations/message_table.h"
#include "conversations/participants.h"

namespace answerable::conversations {
namespace {

std::string preview_of(const NewInbound& inbound) {
  if (inbound.needs_review) return {};
  auto preview = one_line(inbound.reply_text, preview_max_bytes);
  if (preview.empty()) preview = one_line(inbound.text, preview_max_bytes);
  if (preview.empty() && !inbound.attachments.empty())
    preview = one_line(inbound.attachments[0].filename, preview_max_bytes);
  return preview;
}

// The new conversation's row holds its first message's facts already.
Result<ConversationId> create(store::Transaction& tx, const NewInbound& inbound, std::string_view preview) {
  auto subject = inbound.needs_review ? std::string() : one_line(inbound.subject, subject_max_bytes);
  return create_conversation(tx, {.workspace = inbound.workspace,
                                  .channel = inbound.channel,
                                  .channel_kind = inbound.channel_kind,
                                  .contact = inbound.contact,
                                  .contact_name = inbound.author_name,
                                  .contact_address = inbound.from_address,
                                  .subject = subject,
                                  .assignee = {},
                                  .thread_key = inbound.thread_key,
                                  .preview = preview,
                                  .first_message = inbound.id});
}

// What a message meets.
struct Before {
  Place place;
  std::int64_t message_count = 0;
  bool has_third_parties = false;
};

// A message opens what was snoozed or closed.
Result<Before> extend(store::Transaction& tx, const NewInbound& inbound, std::string_view preview, Appended& appended) {
  TRY(auto before, tx.find("select status, assignee_id, channel_id, message_count, third_parties from conversations "
                           "where workspace_id = $1 and id = $2",
                           {inbound.workspace, appended.conversation}, [](const store::Row& row) {
                             return Before{.place = {.status = static_cast<ConversationStatus>(row.integer(0)),
                                                     .assignee = row.id<UserId>(1),
                                                     .channel = row.id<ChannelId>(2)},
                                           .message_count = row.integer(3),
                                           .has_third_parties = row.flag(4)};
                           }));
  if (!before) return fail(ErrorKind::not_found, "no_conversation", "There is no such conversation.");
  TRY_STATUS(
      tx.execute("update conversations set status = 0, snoozed_until = null, preview = $3, last_message_id = $4, "
                 "last_message_at = $5, last_message_direction = 0, unread = 1, message_count = message_count + 1, "
                 "version = version + 1 where workspace_id = $1 and id = $2",
                 {inbound.workspace, appended.conversation, preview, inbound.id, tx.now()}));
  auto to = before->place;
  to.status = ConversationStatus::open;
  appended.was_reopened = before->place != to;
  TRY_STATUS(move_count(tx, inbound.workspace, before->place, to));
  return *before;
}

// An answer to what went to a third party, or any mail of one; of what may belong to another conversation, as seen from
// there.
Result<bool> is_from_third_party(store::Session& session, const NewInbound& inbound, bool can_be) {
  auto conversation = inbound.conversation;
  if (!conversation && inbound.suggestion) {
    conversation = inbound.suggestion->target;
    TRY(can_be, has_third_parties(session, inbound.workspace, *conversation));
  }
  if (!can_be) return false;
  TRY(const auto participants, load_participants(session, inbound.workspace, *conversation));
  if (participants.is_customer_side(inbound.from_address)) return false;
  if (participants.is_third_party(inbound.from_address)) return true;
  TRY(const auto known, find_by_external_ids(session, inbound.workspace, std::span(&inbound.in_reply_to, 1)));
  if (known.empty()) return false;
  TRY(const auto answers_one,
      session.number("select count(*) from messages where workspace_id = $1 and id = $2 and third_party = 1",
                     {inbound.workspace, known.front().message}));
  return answers_one > 0;
}

MessageRow to_row(const NewInbound& inbound, const Appended& appended, std::int64_t position, std::string_view contact,
                  bool is_third_party) {
  MessageRow row{.workspace = inbound.workspace,
                 .conversation = appended.conversation,
                 .position = position,
                 .id = inbound.id,
                 .direction = Direction::inbound,
                 .author_kind = "contact",
                 .author_id = contact,
                 .author_name = inbound.author_name,
                 .from_address = inbound.from_address,
                 .recipients = to_lines(inbound.to),
                 .copies = to_lines(inbound.cc),
                 .subject = inbound.subject,
                 .text = inbound.text,
                 .reply_text = {},
                 .html = inbound.html_safe,
                 .language = inbound.language,
                 .external_id = truncate_utf8(inbound.external_id, external_id_max_bytes),
                 .raw_key = inbound.raw_key,
                 .sent_at = inbound.sent_at,
                 .is_auto_submitted = inbound.is_auto_submitted,
                 .attachment_count = inbound.attachments.size(),
                 .is_third_party = is_third_party,
                 .origin = &inbound.origin,
                 .withheld = inbound.needs_review ? Withheld::review : Withheld::no};
  if (inbound.reply_text != inbound.text) row.reply_text = inbound.reply_text;
  return row;
}

Status tell_arrival(store::Transaction& tx, const NewInbound& inbound, const Appended& appended,
                    std::string_view contact) {
  cluster::NewEvent event{.workspace = inbound.workspace,
                          .kind = "conversation_created",
                          .conversation = appended.conversation,
                          .message = {},
                          .actor_kind = "contact",
                          .actor_id = contact};
  if (appended.is_new_conversation) TRY_STATUS(cluster::append_event(tx, event));
  event.kind = "message_added";
  event.message = inbound.id;
  TRY_STATUS(cluster::append_event(tx, event));
  audit::Act act{.workspace = inbound.workspace,
                 .actor = {.kind = "contact", .id = std::string(contact), .credential = {}},
                 .action = "message.receive",
                 .object_kind = "message",
                 .object_id = inbound.id.text(),
                 .details = {{"channel", inbound.channel.text()}, {"conversation", appended.conversation.text()}}};
  TRY_STATUS(audit::append_entry(tx, act));
  return {};
}

}  // namespace

Result<Appended> append_inbound(store::Transaction& tx, const NewInbound& inbound) {
  Appended appended{.conversation = inbound.conversation.value_or(ConversationId{}), .message = inbound.id};
  auto preview = preview_of(inbound);
  Before before;
  if (inbound.conversation) {
    TRY(before, extend(tx, inbound, preview, appended));
  } else {
    TRY(appended.conversation, create(tx, inbound, preview));
    appended.is_new_conversation = true;
    if (inbound.suggestion)
      TRY_STATUS(insert_suggestion(tx, inbound.workspace, appended.conversation, inbound.id, *inbound.suggestion));
  }
  auto contact = inbound.contact.text();
  TRY(const bool is_third_party, is_from_third_party(tx, inbound, before.has_third_parties));
  TRY_STATUS(insert_message(tx, to_row(inbound, appended, before.message_count + 1, contact, is_third_party)));
  TRY_STATUS(insert_attachments(tx, inbound.workspace, inbound.id, inbound.attachments));
  TRY_STATUS(tell_arrival(tx, inbound, appended, contact));
  return appended;
}

}  // namespace answerable::conversations
