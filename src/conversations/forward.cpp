#include "conversations/forward.h"

#include <algorithm>

#include "access/authorize.h"
#include "base/utf8.h"
#include "conversations/authored.h"
#include "conversations/dispatch_reply.h"
#include "conversations/forward_text.h"
#include "conversations/list.h"
#include "conversations/message_table.h"
#include "conversations/participants.h"
#include "conversations/send_reply.h"
#include "conversations/thread.h"
#include "outbox/enqueue.h"
#include "policy/entitlement.h"

namespace answerable::conversations {
namespace {

Status check(const NewForward& forward, const ConversationItem& item, const Message& message) {
  const bool was_said =
      message.direction != Direction::note && message.state != "cancelled" && message.withheld == Withheld::no;
  if (!was_said) return fail(ErrorKind::invalid, "not_forwardable", "Only what was said to or by a contact goes on.");
  if (item.channel_kind != "email")
    return fail(ErrorKind::invalid, "channel_cannot_forward", "Only a mail channel can forward.");
  if (forward.to.empty()) return fail(ErrorKind::invalid, "no_recipient", "The message has nobody to go to.");
  if (forward.text.size() > message_text_max_bytes)
    return fail(ErrorKind::invalid, "text_too_long", "The text is longer than 1 MiB: shorten it.");
  if (forward.undo_seconds < 0 || forward.undo_seconds > undo_seconds_max)
    return fail(ErrorKind::invalid, "bad_undo_seconds", "A message can be taken back for 0 to 30 seconds.");
  return outbox::check_recipients(forward.to.size() + forward.cc.size() + forward.bcc.size());
}

// What goes on is for others than those who wrote it: the customer's side would answer it as a part of its own talk.
Status check_outside(store::Session& session, WorkspaceId workspace, const ConversationItem& item,
                     const NewForward& forward) {
  TRY(const auto participants, load_participants(session, workspace, item.id));
  for (const auto* list : {&forward.to, &forward.cc, &forward.bcc}) {
    for (const auto& address : *list) {
      if (participants.is_customer_side(address))
        return fail(ErrorKind::invalid, "recipient_takes_part",
                    address + " takes part in this conversation: write a reply instead.");
    }
  }
  return {};
}

// The whole talk with the customer's side up to `last`, in the order in which it is shown.
Result<std::vector<Message>> load_up_to(store::Session& session, WorkspaceId workspace, const Message& last) {
  std::vector<Message> messages;
  std::size_t bytes = 0;
  const auto now = session.now();
  TRY_STATUS(session.each(
      "select " ANSWERABLE_MESSAGE_COLUMNS ANSWERABLE_MESSAGES_AND_DELIVERIES
      "where m.workspace_id = $1 and m.conversation_id = $2 and m.created_at <= $3 and m.direction <> 2 "
      "and m.cancelled = 0 and m.withheld = 0 and (m.third_party = 0 or m.id = $4) order by m.created_at, m.position "
      "limit $5",
      {workspace, last.conversation, last.created_at, last.id, forwarded_messages_max + 1}, [&](const store::Row& row) {
        if (bytes > message_text_max_bytes) return;  // is refused anyway
        messages.push_back(read_message(row, now));
        bytes += messages.back().text.size();
      }));
  if (messages.size() > forwarded_messages_max)
    return fail(ErrorKind::invalid, "too_many_messages", "At most 100 messages go on at once: choose an earlier one.");
  for (auto& message : messages) TRY_STATUS(add_attachments(session, workspace, message));
  return messages;
}

Result<std::vector<Message>> load_all(store::Session& session, WorkspaceId workspace, const Message& message,
                                      const NewForward& forward) {
  if (forward.with_earlier) return load_up_to(session, workspace, message);
  return std::vector<Message>{message};
}

Result<std::vector<Attachment>> gather_files(const std::vector<Message>& messages) {
  std::vector<Attachment> files;
  std::int64_t bytes = 0;
  for (const auto& message : messages) {
    for (const auto& file : message.attachments) {
      bytes += file.size;
      files.push_back(file);
    }
  }
  if (files.size() > attachments_per_message_max)
    return fail(ErrorKind::invalid, "too_many_attachments", "They have more than 50 attachments: forward fewer.");
  if (bytes > forwarded_bytes_max)
    return fail(ErrorKind::invalid, "forward_too_large", "Their attachments have more than 40 MB: forward fewer.");
  return files;
}

std::string forward_subject(const Message& message, const ConversationItem& item) {
  auto subject = one_line(message.subject.empty() ? item.subject : message.subject, subject_max_bytes);
  if (subject.starts_with("Re: ")) subject.erase(0, 4);
  if (subject.starts_with("Fwd: ")) return subject;
  return std::string(truncate_utf8("Fwd: " + subject, subject_max_bytes));
}

}  // namespace

Result<std::vector<Attachment>> forwarded_files(store::Session& session, const access::Actor& actor,
                                                const NewForward& forward) {
  TRY(const auto message, load_message(session, actor.workspace, forward.message));
  TRY(const auto messages, load_all(session, actor.workspace, message, forward));
  return gather_files(messages);
}

Result<Message> forward(store::Transaction& tx, const access::Actor& actor, const NewForward& forward) {
  TRY_STATUS(access::authorize(actor, "message", "forward"));
  TRY_STATUS(policy::judge_message(tx, actor.workspace));
  TRY(auto message, load_message(tx, actor.workspace, forward.message));
  TRY(auto item, load_item(tx, actor.workspace, message.conversation));
  TRY_STATUS(check(forward, item, message));
  TRY_STATUS(check_outside(tx, actor.workspace, item, forward));
  TRY(const auto messages, load_all(tx, actor.workspace, message, forward));
  const auto comment = to_valid_utf8(forward.text);
  const auto passed_on = forwarded_text(messages, forward.with_quotes);
  TRY(auto files, gather_files(messages));
  auto formatted = forwarded_html(comment, messages, forward.with_quotes, std::move(files));
  Authored authored{.direction = Direction::outbound,
                    .text = comment.empty() ? passed_on : comment + "\n\n" + passed_on,
                    .html = std::move(formatted.html),
                    .subject = forward_subject(message, item),
                    .to = forward.to,
                    .cc = forward.cc,
                    .bcc = forward.bcc,
                    .copied = std::move(formatted.files),
                    .is_third_party = true,
                    .forwarded = message.id,
                    .comment = comment,
                    .undo_seconds = forward.undo_seconds};
  TRY_STATUS(check_text(authored.text, {}, true));
  TRY(authored.judged,
      judge_outgoing(tx, actor, {item.channel, item.channel_kind, item.id}, authored, forward.consent));
  TRY(auto written, write_authored(tx, actor, item, authored));
  TRY_STATUS(dispatch_reply(tx, actor, item, written, authored));
  TRY_STATUS(tell_authored(tx, actor, item, written, authored));
  return load_message(tx, actor.workspace, written.message);
}

}  // namespace answerable::conversations
