#include "conversations/authored.h"

#include <algorithm>

#include "audit/commitment_key.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "conversations/attachment_table.h"
#include "conversations/draft_table.h"
#include "conversations/lines.h"
#include "conversations/message_table.h"

namespace answerable::conversations {
namespace {

std::string preview_of(const Authored& authored) {
  auto preview = one_line(authored.comment.value_or(authored.text), preview_max_bytes);
  if (preview.empty()) preview = one_line(authored.text, preview_max_bytes);
  if (preview.empty() && !authored.uploads.empty()) preview = one_line(authored.uploads[0].filename, preview_max_bytes);
  return preview;
}

std::string_view action_of(const Authored& authored) {
  if (authored.is_automatic) return "message.acknowledge";
  if (authored.direction == Direction::note) return "message.note";
  return authored.forwarded ? "message.forward" : "message.reply";
}

Status update_conversation(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& item,
                           const Authored& authored, MessageId message) {
  if (authored.is_automatic) {
    TRY_STATUS(
        tx.execute("update conversations set message_count = message_count + 1, version = version + 1 "
                   "where workspace_id = $1 and id = $2",
                   {workspace, item.id}));
    return {};
  }
  auto to = place_of(item);
  if (authored.should_close) to.status = ConversationStatus::closed;
  const bool stays_snoozed = to.status == ConversationStatus::snoozed;
  // What does not answer the customer leaves unread what was so.
  const bool is_unread = (authored.direction == Direction::note || authored.is_third_party) && item.is_unread;
  auto preview = preview_of(authored);
  TRY_STATUS(
      tx.execute("update conversations set status = $3, snoozed_until = $4, preview = $5, last_message_id = $6, "
                 "last_message_at = $7, last_message_direction = $8, unread = $9, message_count = message_count + 1, "
                 "version = version + 1 where workspace_id = $1 and id = $2",
                 {workspace, item.id, static_cast<int>(to.status), stays_snoozed ? item.snoozed_until : std::nullopt,
                  preview, message, tx.now(), static_cast<int>(authored.direction), is_unread}));
  if (authored.is_third_party || !authored.bcc.empty())
    TRY_STATUS(tx.execute("update conversations set third_parties = 1 where workspace_id = $1 and id = $2",
                          {workspace, item.id}));
  return move_count(tx, workspace, place_of(item), to);
}

Status copy_attachments(store::Transaction& tx, WorkspaceId workspace, MessageId message, const Authored& authored) {
  std::vector<NewAttachment> copies;
  copies.reserve(authored.copied.size());
  for (const auto& file : authored.copied)
    copies.push_back({.filename = file.filename,
                      .content_type = file.content_type,
                      .disposition = file.is_inline && !authored.html.empty() ? "inline" : "attachment",
                      .content_id = authored.html.empty() ? std::string() : file.content_id,
                      .size = file.size,
                      .blob = file.blob});
  return insert_attachments(tx, workspace, message, copies);
}

// Whom it went to, for a commitment: addresses themselves do not stand in an entry.
std::string recipients_of(const Authored& authored) {
  return "to\n" + to_lines(authored.to) + "\ncc\n" + to_lines(authored.cc) + "\nbcc\n" + to_lines(authored.bcc);
}

}  // namespace

Status check_text(std::string_view text, std::string_view html, bool has_attachments) {
  const bool is_blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (is_blank && !has_attachments) return fail(ErrorKind::invalid, "empty_text", "The message is empty.");
  if (text.size() > message_text_max_bytes || html.size() > message_text_max_bytes)
    return fail(ErrorKind::invalid, "text_too_long", "The text is longer than 1 MiB: shorten it.");
  return {};
}

Result<Written> write_authored(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item,
                               const Authored& authored) {
  Written written{.message = MessageId::make(tx.clock()), .position = item.message_count + 1};
  TRY_STATUS(update_conversation(tx, actor.workspace, item, authored, written.message));
  auto author = actor.id_text();
  TRY_STATUS(
      insert_message(tx, {.workspace = actor.workspace,
                          .conversation = item.id,
                          .position = written.position,
                          .id = written.message,
                          .direction = authored.direction,
                          .author_kind = actor.kind_name(),
                          .author_id = author,
                          .author_name = actor.name,
                          .from_address = {},
                          .recipients = to_lines(authored.to),
                          .copies = to_lines(authored.cc),
                          .blind_copies = to_lines(authored.bcc),
                          .subject = authored.subject,
                          .text = authored.text,
                          .reply_text = authored.comment,
                          .html = authored.html,
                          .language = {},
                          .external_id = {},
                          .raw_key = {},
                          .sent_at = tx.now(),
                          .is_auto_submitted = authored.is_automatic,
                          .attachment_count = authored.uploads.size() + authored.copied.size(),
                          .closed_conversation = authored.should_close && item.status != ConversationStatus::closed,
                          .ended_snooze = authored.should_close ? item.snoozed_until : std::nullopt,
                          .is_third_party = authored.is_third_party,
                          .forwarded = authored.forwarded}));
  TRY_STATUS(take_uploads(tx, actor.workspace, written.message, authored.uploads));
  TRY_STATUS(copy_attachments(tx, actor.workspace, written.message, authored));
  if (!authored.forwarded) TRY_STATUS(drop_draft(tx, actor, item.id));
  return written;
}

Status tell_authored(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item,
                     const Written& written, const Authored& authored) {
  TRY_STATUS(tell(
      tx, actor,
      {.workspace = actor.workspace, .kind = "message_added", .conversation = item.id, .message = written.message}));
  TRY(auto key, audit::commitment_key(tx, actor.workspace, item.contact.text()));
  audit::Act act{.workspace = actor.workspace,
                 .actor = actor.for_ledger(),
                 .action = action_of(authored),
                 .object_kind = "message",
                 .object_id = written.message.text(),
                 .details = {{"channel", item.channel.text()},
                             {"conversation", item.id.text()},
                             {"text_commitment", audit::commit_to(key, authored.text)}}};
  if (authored.forwarded) act.details.emplace_back("forwarded", authored.forwarded->text());
  if (authored.direction == Direction::outbound) {
    act.details.emplace_back("recipients",
                             std::to_string(authored.to.size() + authored.cc.size() + authored.bcc.size()));
    act.details.emplace_back("recipients_commitment", audit::commit_to(key, recipients_of(authored)));
  }
  TRY_STATUS(audit::append_entry(tx, act));
  return {};
}

}  // namespace answerable::conversations
