// POST /conversations/{id}/messages; POST /messages/{id}/undo, /retry and /forward; PUT /messages/{id}/folding.
#include "access/authorize.h"
#include "conversations/add_note.h"
#include "conversations/fold_message.h"
#include "conversations/forward.h"
#include "conversations/list.h"
#include "conversations/send_reply.h"
#include "conversations/text_of_files.h"
#include "http/conversation_json.h"
#include "http/idempotency.h"
#include "http/recipients_json.h"
#include "http/reply.h"
#include "http/routes.h"
#include "mail/sanitise.h"

namespace answerable::http {
namespace {

constexpr std::size_t message_body_max = 3UL << 20;  // text and HTML of 1 MiB together, escaped
constexpr int undo_seconds_mail = 10;
constexpr TextLimits text_limits{.bytes_min = 0, .bytes_max = conversations::message_text_max_bytes};
constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};

struct NewMessage {
  std::string kind;
  std::string text, html;
  std::vector<AttachmentId> attachments;
  GivenRecipients recipients;
  std::optional<std::int64_t> undo_seconds;
  bool should_close = false, quotes = true, confirms_warnings = false;
  std::optional<MessageId> if_last_message;
};

Result<NewMessage> read_message(Call& call) {
  TRY(auto body, read_body(call));
  NewMessage message;
  message.kind = body.choice("kind", {"reply", "note"}).value_or("reply");
  message.text = body.text("text", text_limits).value_or("");
  if (const auto html = body.text("html", text_limits)) message.html = mail::sanitise_html(*html);
  message.attachments = read_attachments(body);
  if (message.text.empty() && message.attachments.empty()) body.refuse("text", "required", "A message needs a text.");
  message.recipients = read_recipients(call, body);
  message.undo_seconds = body.integer("undo_seconds", 0, conversations::undo_seconds_max);
  message.should_close = body.flag("close").value_or(false);
  message.quotes = body.flag("quote").value_or(true);
  message.confirms_warnings = body.flag("confirm_warnings").value_or(false);
  if (const auto last = body.text("if_last_message", id_limits)) {
    message.if_last_message = MessageId::parse(*last);
    if (!message.if_last_message) body.refuse("if_last_message", "not_allowed", "An id has the form of a UUID.");
  }
  TRY_STATUS(finish_body(call, body));
  return message;
}

Result<conversations::Message> write_reply(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                           const NewMessage& given, const conversations::ContentConsent& consent) {
  auto undo_seconds = given.undo_seconds;
  if (!undo_seconds) {
    TRY(const auto item, conversations::load_item(tx, actor.workspace, id));
    undo_seconds = item.channel_kind == "email" ? undo_seconds_mail : 0;
  }
  return conversations::send_reply(tx, actor,
                                   {.conversation = id,
                                    .text = given.text,
                                    .html = given.html,
                                    .attachments = given.attachments,
                                    .quotes = given.quotes,
                                    .to = given.recipients.to,
                                    .cc = given.recipients.cc,
                                    .bcc = given.recipients.bcc,
                                    .undo_seconds = static_cast<int>(*undo_seconds),
                                    .should_close = given.should_close,
                                    .if_last_message = given.if_last_message,
                                    .consent = consent});
}

net::Response message_response(const Call& call, int status, const conversations::Message& message) {
  JsonWriter out(2048);
  write_message(out, message, call.actor.hides_personal());
  return json_response(status, out);
}

Result<net::Response> create(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(const auto given, read_message(call));
  const bool is_note = given.kind == "note";
  TRY_STATUS(access::authorize(call.actor, "conversation", is_note ? "note" : "reply"));
  conversations::ContentRefusal refusal;
  conversations::ContentConsent consent{.has_seen_warnings = given.confirms_warnings, .refusal = &refusal};
  if (!is_note) {
    TRY(consent.files_text,
        conversations::text_of_files(call.api.database(), call.api.parts.blobs, call.actor, given.attachments));
  }
  return send_once(call, refusal, [&](store::Transaction& tx) -> Result<Produced> {
    if (is_note) {
      TRY(const auto note, conversations::add_note(tx, call.actor,
                                                   {.conversation = id,
                                                    .text = given.text,
                                                    .attachments = given.attachments,
                                                    .should_close = given.should_close}));
      return Produced{.response = message_response(call, 201, note)};
    }
    TRY(const auto message, write_reply(tx, call.actor, id, given, consent));
    return Produced{.response = message_response(call, 201, message)};
  });
}

Result<net::Response> undo(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(const auto message,
      call.api.database().write([&](store::Transaction& tx) { return conversations::undo_send(tx, call.actor, id); }));
  return message_response(call, 200, message);
}

Result<net::Response> retry(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(const auto message, call.api.database().write([&](store::Transaction& tx) {
    return conversations::retry_message(tx, call.actor, id);
  }));
  return message_response(call, 200, message);
}

Result<net::Response> forward(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(auto body, read_body(call));
  conversations::NewForward given{.message = id, .to = {}};
  given.with_earlier = body.flag("with_earlier").value_or(false);
  given.with_quotes = body.flag("with_quotes").value_or(false);
  given.text = body.text("text", text_limits).value_or("");
  given.undo_seconds =
      static_cast<int>(body.integer("undo_seconds", 0, conversations::undo_seconds_max).value_or(undo_seconds_mail));
  conversations::ContentRefusal refusal;
  given.consent.has_seen_warnings = body.flag("confirm_warnings").value_or(false);
  given.consent.refusal = &refusal;
  auto recipients = read_recipients(call, body);
  if (recipients.to.empty()) body.refuse("to", "required", "To whom should it go?");
  TRY_STATUS(finish_body(call, body));
  given.to = std::move(recipients.to);
  given.cc = std::move(recipients.cc);
  given.bcc = std::move(recipients.bcc);
  TRY(const auto files, call.api.database().query([&](store::Session& session) {
    return conversations::forwarded_files(session, call.actor, given);
  }));
  TRY(given.consent.files_text, conversations::text_of_files(call.api.parts.blobs, files));
  return send_once(call, refusal, [&](store::Transaction& tx) -> Result<Produced> {
    TRY(const auto message, conversations::forward(tx, call.actor, given));
    return Produced{.response = message_response(call, 201, message)};
  });
}

Result<net::Response> fold(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(auto body, read_body(call));
  const auto shown_lines = body.integer("shown_lines", 0, conversations::message_text_max_bytes);
  if (!body.has("shown_lines")) body.refuse("shown_lines", "required", "A number of lines, or null.");
  TRY_STATUS(finish_body(call, body));
  TRY(const auto message, call.api.database().write([&](store::Transaction& tx) {
    return conversations::fold_message(tx, call.actor, id, shown_lines);
  }));
  return message_response(call, 200, message);
}

}  // namespace

void add_message_routes(net::Router& router, ApiContext& api) {
  constexpr auto own = Needs::Whose::own;
  add_route(router, api,
            {.method = "POST",
             .path = "/conversations/{id}/messages",
             .needs = {"conversation", "note"},
             .act = create,
             .rate = RateClass::write,
             .body = BodyKind::json,
             .body_bytes_max = message_body_max});
  add_route(router, api,
            {.method = "POST",
             .path = "/messages/{id}/undo",
             .needs = {"message", "undo", own},
             .act = undo,
             .rate = RateClass::write});
  add_route(router, api,
            {.method = "POST",
             .path = "/messages/{id}/retry",
             .needs = {"message", "retry", own},
             .act = retry,
             .rate = RateClass::write});
  add_route(router, api,
            {.method = "POST",
             .path = "/messages/{id}/forward",
             .needs = {"message", "forward"},
             .act = forward,
             .rate = RateClass::write,
             .body = BodyKind::json,
             .body_bytes_max = message_body_max});
  add_route(router, api,
            {.method = "PUT",
             .path = "/messages/{id}/folding",
             .needs = {"message", "fold"},
             .act = fold,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
