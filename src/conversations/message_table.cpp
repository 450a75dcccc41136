#include "conversations/message_table.h"

#include <algorithm>

#include "conversations/fold_message.h"
#include "conversations/lines.h"
#include "conversations/match_key.h"
#include "outbox/delivery.h"
#include "policy/entitlement.h"

namespace answerable::conversations {

std::string_view outbound_state(const store::Row& row, int column) {
  if (row.is_null(column)) return "sent";  // written before it had an outbox: cannot be
  switch (row.integer(column)) {
    case 0: return "queued";
    case 1: return "sending";
    case 2: return "held";
    case 10: return "sent";
    case 11: return "delivered";
    case 12:
    case 14: return "failed";
    case 15: return "cancelled";
    default: return "unknown";
  }
}

namespace {

void read_delivery(const store::Row& row, int first, Time now, Message& message) {
  message.state = outbound_state(row, first + 1);
  message.delivery = row.id<DeliveryId>(first);
  message.state_detail = row.string(first + 2);
  auto undo_until = row.maybe_time(first + 3);
  const bool has_waited = message.state == "queued" || message.state == "held";
  if (undo_until && *undo_until > now && has_waited && row.integer(first + 4) == 0) message.undo_until = undo_until;
  if (message.external_id.empty()) message.external_id = row.string(first + 5);
  message.seen_at = row.maybe_time(first + 6);
  for (auto& result : outbox::decode_recipients(row.text(first + 7)))
    if (!result.has_it) message.failed_recipients.push_back(std::move(result));
}

void withhold(Message& message) {
  for (auto* text : {&message.text, &message.reply_text, &message.html, &message.subject}) text->clear();
  message.shown_lines.reset();
}

}  // namespace

Status insert_message(store::Transaction& tx, const MessageRow& message) {
  static const Origin none;
  const auto& origin = message.origin != nullptr ? *message.origin : none;
  std::string key;
  std::optional<store::Bytes> external_key;
  if (!message.external_id.empty()) {
    key = match_key(message.external_id);
    external_key = store::Bytes{key};
  }
  TRY_STATUS(tx.execute(
      "insert into messages (workspace_id, conversation_id, position, id, direction, author_kind, "
      "author_id, author_name, "
      "from_address, recipients, copies, subject, body, reply_text, html, language, external_id, "
      "external_key, raw_key, sent_at, "
      "created_at, auto_submitted, attachment_count, closed_conversation, authentication, evidence, joined_by, "
      "joined_detail, same_as_id, blind_copies, third_party, forwarded_id, ended_snooze, withheld, cancelled) values "
      "($1, $2, "
      "$3, "
      "$4, $5, $6, $7, $8, $9, "
      "$10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, "
      "$32, $33, $34, 0)",
      {message.workspace,
       message.conversation,
       message.position,
       message.id,
       static_cast<int>(message.direction),
       message.author_kind,
       message.author_id,
       message.author_name,
       message.from_address,
       message.recipients,
       message.copies,
       message.subject,
       message.text,
       message.reply_text,
       message.html,
       message.language,
       message.external_id,
       external_key,
       message.raw_key,
       message.sent_at,
       tx.now(),
       message.is_auto_submitted,
       static_cast<std::int64_t>(message.attachment_count),
       message.closed_conversation,
       origin.authentication,
       to_lines(origin.evidence),
       origin.joined_by,
       origin.joined_detail,
       origin.same_id_as,
       message.blind_copies,
       message.is_third_party,
       message.forwarded,
       message.ended_snooze,
       static_cast<int>(message.withheld)}));
  return {};
}

Status insert_attachments(store::Transaction& tx, WorkspaceId workspace, MessageId message,
                          const std::vector<NewAttachment>& attachments) {
  std::int64_t ordinal = 0, bytes = 0;
  for (const auto& attachment : attachments) {
    TRY_STATUS(
        tx.execute("insert into attachments (workspace_id, id, message_id, uploader, ordinal, filename, content_type, "
                   "size, inline, "
                   "content_id, blob, created_at) values ($1, $2, $3, '', $4, $5, $6, $7, $8, $9, $10, $11)",
                   {workspace, AttachmentId::make(tx.clock()), message, ordinal++, attachment.filename,
                    attachment.content_type, attachment.size, attachment.disposition == "inline", attachment.content_id,
                    store::Bytes{as_bytes(attachment.blob)}, tx.now()}));
    bytes += attachment.size;
  }
  return policy::count_stored(tx, workspace, bytes);
}

Message read_message(const store::Row& row, Time now, bool* has_more) {
  Message message{.id = row.id<MessageId>(0),
                  .conversation = row.id<ConversationId>(1),
                  .position = row.integer(2),
                  .direction = static_cast<Direction>(row.integer(3)),
                  .author = {.kind = row.string(4), .id = row.string(5), .name = row.string(6)},
                  .text = row.string(11),
                  .reply_text = row.is_null(12) ? row.string(11) : row.string(12),
                  .html = row.string(13),
                  .subject = row.string(10),
                  .from_address = row.string(7),
                  .to = from_lines(row.text(8)),
                  .cc = from_lines(row.text(9)),
                  .bcc = from_lines(row.text(29)),
                  .is_third_party = row.flag(30),
                  .external_id = row.string(15),
                  .raw_key = row.string(16),
                  .language = row.string(14),
                  .sent_at = row.time(17),
                  .created_at = row.time(18),
                  .is_auto_submitted = row.flag(19)};
  if (has_more != nullptr) *has_more = row.integer(20) > 0 || row.flag(34);
  if (!row.is_null(31)) message.forwarded = row.id<MessageId>(31);
  if (!row.is_null(32)) {
    message.shown_lines = row.integer(32);
    message.reply_text = shown_part(message.text, *message.shown_lines);
  }
  if (message.author.name.empty()) message.author.name = message.from_address;
  if (message.direction == Direction::inbound) message.state = "received";
  if (message.direction == Direction::note) message.state = "note";
  if (message.direction == Direction::outbound) read_delivery(row, 21, now, message);
  message.withheld = static_cast<Withheld>(row.integer(33));
  if (message.withheld != Withheld::no) withhold(message);
  return message;
}

Status add_more(store::Session& session, WorkspaceId workspace, Message& message) {
  TRY(message.findings, policy::findings_of(session, workspace, message.id));
  return add_attachments(session, workspace, message);
}

Attachment read_attachment(const store::Row& row, int first) {
  Attachment attachment{.id = row.id<AttachmentId>(first),
                        .message = row.id<MessageId>(first + 1),
                        .filename = row.string(first + 2),
                        .content_type = row.string(first + 3),
                        .size = row.integer(first + 4),
                        .is_inline = row.flag(first + 5),
                        .content_id = row.string(first + 6)};
  if (auto blob = row.bytes(first + 7); blob.size() == attachment.blob.size())
    std::ranges::copy(blob, reinterpret_cast<char*>(attachment.blob.data()));
  return attachment;
}

Status add_attachments(store::Session& session, WorkspaceId workspace, Message& message) {
  if (message.withheld != Withheld::no) return {};
  TRY(message.attachments,
      session.all("select id, message_id, filename, content_type, size, inline, content_id, blob from attachments "
                  "where workspace_id = $1 and message_id = $2 order by ordinal",
                  {workspace, message.id}, [](const store::Row& row) { return read_attachment(row); }));
  return {};
}

}  // namespace answerable::conversations
