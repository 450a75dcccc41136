#include "conversations/start_conversation.h"

#include "access/authorize.h"
#include "base/utf8.h"
#include "conversations/attachment_table.h"
#include "conversations/authored.h"
#include "conversations/create_conversation.h"
#include "conversations/dispatch_reply.h"
#include "conversations/identify_contact.h"
#include "conversations/list.h"
#include "conversations/pictures.h"
#include "conversations/send_reply.h"
#include "conversations/thread.h"
#include "outbox/enqueue.h"
#include "policy/entitlement.h"
#include "policy/judge.h"

namespace answerable::conversations {
namespace {

Status check(const NewConversation& conversation, std::string_view subject) {
  if (conversation.channel_kind != "email")
    return fail(ErrorKind::invalid, "channel_cannot_start", "Only a mail channel can start a conversation.");
  if (subject.empty()) return fail(ErrorKind::invalid, "empty_subject", "A mail needs a subject.");
  if (conversation.subject.size() > subject_max_bytes)
    return fail(ErrorKind::invalid, "subject_too_long", "A subject has at most 998 bytes.");
  if (conversation.address.empty() || conversation.address_key.empty())
    return fail(ErrorKind::invalid, "no_recipient", "The message has nobody to go to.");
  if (conversation.undo_seconds < 0 || conversation.undo_seconds > undo_seconds_max)
    return fail(ErrorKind::invalid, "bad_undo_seconds", "A message can be taken back for 0 to 30 seconds.");
  TRY_STATUS(outbox::check_recipients(1 + conversation.cc.size() + conversation.bcc.size()));
  return check_text(conversation.text, conversation.html, !conversation.attachments.empty());
}

}  // namespace

Result<Message> start_conversation(store::Transaction& tx, const access::Actor& actor,
                                   const NewConversation& conversation) {
  TRY_STATUS(access::authorize(actor, "conversation", "create"));
  TRY_STATUS(policy::judge_starting(tx, actor.workspace));
  TRY_STATUS(policy::judge_message(tx, actor.workspace));
  auto subject = one_line(to_valid_utf8(conversation.subject), subject_max_bytes);
  TRY_STATUS(check(conversation, subject));
  Authored authored{.direction = Direction::outbound,
                    .text = to_valid_utf8(conversation.text),
                    .html = to_valid_utf8(conversation.html),
                    .subject = subject,
                    .to = {conversation.address},
                    .cc = conversation.cc,
                    .bcc = conversation.bcc,
                    .undo_seconds = conversation.undo_seconds};
  TRY(authored.uploads, load_uploads(tx, actor, conversation.attachments));
  place_pictures(authored.uploads, authored.text);
  const Outgoing outgoing{conversation.channel, conversation.channel_kind, {}};
  TRY(authored.judged, judge_outgoing(tx, actor, outgoing, authored, conversation.consent));
  TRY(auto contact, identify_contact(tx, {.workspace = actor.workspace,
                                          .kind = conversation.channel_kind,
                                          .address_key = conversation.address_key,
                                          .address = conversation.address,
                                          .name = conversation.name}));
  TRY(auto id, create_conversation(tx, {.workspace = actor.workspace,
                                        .channel = conversation.channel,
                                        .channel_kind = conversation.channel_kind,
                                        .contact = contact,
                                        .contact_name = conversation.name,
                                        .contact_address = conversation.address,
                                        .subject = subject,
                                        .assignee = actor.user}));
  TRY(auto item, load_item(tx, actor.workspace, id));
  authored.recipient_name = item.contact_name;
  TRY_STATUS(tell(tx, actor, {.workspace = actor.workspace, .kind = "conversation_created", .conversation = id}));
  TRY_STATUS(enter(tx, actor, "conversation.start", id, {{"channel", conversation.channel.text()}}));
  TRY(auto written, write_authored(tx, actor, item, authored));
  TRY_STATUS(dispatch_reply(tx, actor, item, written, authored));
  TRY_STATUS(tell_authored(tx, actor, item, written, authored));
  return load_message(tx, actor.workspace, written.message);
}

}  // namespace answerable::conversations
