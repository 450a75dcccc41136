#include "conversations/send_reply.h"

#include <algorithm>

#include "access/authorize.h"
#include "base/utf8.h"
#include "conversations/attachment_table.h"
#include "conversations/authored.h"
#include "conversations/dispatch_reply.h"
#include "conversations/list.h"
#include "conversations/participants.h"
#include "conversations/pictures.h"
#include "conversations/thread.h"
#include "outbox/enqueue.h"
#include "outbox/settle.h"
#include "policy/entitlement.h"

namespace answerable::conversations {
namespace {

Status check(const NewReply& reply) {
  TRY_STATUS(check_text(reply.text, reply.html, !reply.attachments.empty()));
  if (reply.undo_seconds < 0 || reply.undo_seconds > undo_seconds_max)
    return fail(ErrorKind::invalid, "bad_undo_seconds", "A message can be taken back for 0 to 30 seconds.");
  return outbox::check_recipients(std::max<std::size_t>(reply.to.size(), 1) + reply.cc.size() + reply.bcc.size());
}

// All that are named are third parties; who is new joins the customer's side.
Result<bool> is_to_third_parties(store::Session& session, WorkspaceId workspace, const NewReply& reply) {
  if (reply.to.empty()) return false;
  TRY(const bool can_be, has_third_parties(session, workspace, reply.conversation));
  if (!can_be) return false;
  TRY(const auto participants, load_participants(session, workspace, reply.conversation));
  auto is_third = [&](const std::string& address) { return participants.is_third_party(address); };
  return std::ranges::all_of(reply.to, is_third) && std::ranges::all_of(reply.cc, is_third);
}

Status address(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item, const NewReply& reply,
               Authored& authored) {
  if (item.channel_kind != "email" && !(reply.to.empty() && reply.cc.empty() && reply.bcc.empty()))
    return fail(ErrorKind::invalid, "channel_has_no_copies", "Only mail goes to addresses: leave to, cc and bcc out.");
  TRY(auto recipient, find_recipient(tx, actor.workspace, item));
  authored.to = reply.to;
  if (authored.to.empty() && !recipient.address.empty()) authored.to = {recipient.address};
  if (authored.to.empty())
    return fail(ErrorKind::invalid, "no_recipient", "This conversation has no address to answer to.");
  if (is_same_address(authored.to.front(), recipient.address)) authored.recipient_name = std::move(recipient.name);
  authored.cc = reply.cc;
  authored.bcc = reply.bcc;
  TRY(authored.is_third_party, is_to_third_parties(tx, actor.workspace, reply));
  authored.subject = reply_subject(item);
  if (authored.is_third_party) {
    TRY(authored.subject, third_party_subject(tx, actor.workspace, item));
  }
  return {};
}

// Has anybody written since the message that the author has seen? What was taken back, and what the system answered by
// itself, is nothing to read first.
Result<bool> has_newer(store::Session& session, WorkspaceId workspace, const NewReply& reply) {
  if (!reply.if_last_message) return false;
  TRY(const auto newer,
      session.find("select 1 from messages where workspace_id = $1 and conversation_id = $2 and cancelled = 0 and not "
                   "(direction = 1 and auto_submitted = 1) and position > coalesce((select s.position from messages s "
                   "where s.workspace_id = $1 and s.conversation_id = $2 and s.id = $3), 0) limit 1",
                   {workspace, reply.conversation, *reply.if_last_message}, [](const store::Row&) { return true; }));
  return newer.has_value();
}

}  // namespace

Result<Message> send_reply(store::Transaction& tx, const access::Actor& actor, const NewReply& reply) {
  TRY_STATUS(access::authorize(actor, "conversation", "reply"));
  TRY_STATUS(policy::judge_message(tx, actor.workspace));
  TRY_STATUS(check(reply));
  TRY(auto item, load_item(tx, actor.workspace, reply.conversation));
  TRY(const bool is_overtaken, has_newer(tx, actor.workspace, reply));
  if (is_overtaken)
    return fail(ErrorKind::conflict, "newer_message", "Somebody wrote meanwhile: read it before you send.");
  Authored authored{.direction = Direction::outbound,
                    .text = to_valid_utf8(reply.text),
                    .html = to_valid_utf8(reply.html),
                    .should_close = reply.should_close,
                    .undo_seconds = reply.undo_seconds};
  TRY_STATUS(address(tx, actor, item, reply, authored));
  TRY(authored.uploads, load_uploads(tx, actor, reply.attachments));
  if (item.channel_kind == "email") place_pictures(authored.uploads, authored.text);
  if (reply.quotes && item.channel_kind == "email") {
    TRY(authored.quoted, find_quoted(tx, actor.workspace, item, authored));
  }
  TRY(authored.judged, judge_outgoing(tx, actor, {item.channel, item.channel_kind, item.id}, authored, reply.consent));
  TRY(auto written, write_authored(tx, actor, item, authored));
  TRY_STATUS(dispatch_reply(tx, actor, item, written, authored));
  TRY_STATUS(tell_authored(tx, actor, item, written, authored));
  return load_message(tx, actor.workspace, written.message);
}

Result<Message> retry_message(store::Transaction& tx, const access::Actor& actor, MessageId id) {
  TRY(auto message, load_message(tx, actor.workspace, id));
  if (message.direction != Direction::outbound)
    return fail(ErrorKind::conflict, "not_retryable", "Only a message that leaves can be tried again.");
  TRY(auto delivery, outbox::load_delivery_of(tx, actor.workspace, id));
  auto author = message.author.kind == "user" ? UserId::parse(message.author.id).value_or(UserId{}) : UserId{};
  TRY_STATUS(outbox::retry(tx, actor, delivery, author));
  return load_message(tx, actor.workspace, id);
}

}  // namespace answerable::conversations
