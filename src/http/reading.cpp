#include "http/reading.h"

#include "conversations/list.h"
#include "conversations/thread.h"
#include "net/http.h"

namespace answerable::http {
namespace {

constexpr std::string_view reason_header = "Answerable-Reason";

Result<std::string> reason_of(const Call& call) {
  const auto given = call.request.header(reason_header);
  if (!given) return std::string();
  auto text = net::percent_decode(*given);
  if (!text) return fail(ErrorKind::invalid, "bad_reason", "Answerable-Reason is percent-encoded UTF-8.");
  return *std::move(text);
}

Result<conversations::ConversationItem> item_of(const Call& call, store::Session& session, MessageId id) {
  TRY(const auto conversation, conversations::conversation_of(session, call.actor.workspace, id));
  return conversations::load_item(session, call.actor.workspace, conversation);
}

}  // namespace

Status note_conversation(Call& call, store::Session& session, const conversations::ConversationItem& item) {
  TRY(auto reason, reason_of(call));
  const access::Opened opened{.assignee = item.assignee,
                              .is_closed = item.status == conversations::ConversationStatus::closed,
                              .last_message_at = item.last_message_at};
  return call.api.reads.open(session, call.actor,
                             {.kind = access::ReadKind::conversation, .contact = item.contact, .conversation = item.id},
                             opened, std::move(reason));
}

Status note_found(Call& call, const conversations::ConversationItem& item) {
  return call.api.reads.note(
      call.actor,
      {.kind = access::ReadKind::search, .contact = item.contact, .conversation = item.id, .object = "export"});
}

Status note_message(Call& call, store::Session& session, MessageId message) {
  TRY(const auto item, item_of(call, session, message));
  return note_conversation(call, session, item);
}

Status note_attachment(Call& call, store::Session& session, MessageId message, AttachmentId attachment) {
  TRY(const auto item, item_of(call, session, message));
  return call.api.reads.note(call.actor, {.kind = access::ReadKind::attachment,
                                          .contact = item.contact,
                                          .conversation = item.id,
                                          .object = attachment.text()});
}

void write_readings(Call& call) { static_cast<void>(call.api.reads.write()); }

}  // namespace answerable::http
