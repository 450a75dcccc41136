// /conversations/{id}: opening, changing, taking, tags, drafts, read marks, presence; POST /conversations starts one by
// mail.
#include <charconv>
#include <limits>

#include "access/authorize.h"
#include "cluster/event_log.h"
#include "conversations/list.h"
#include "conversations/mark_read.h"
#include "conversations/rename.h"
#include "conversations/set_status.h"
#include "conversations/snooze.h"
#include "conversations/start_conversation.h"
#include "conversations/tags.h"
#include "conversations/text_of_files.h"
#include "conversations/thread.h"
#include "http/conversation_json.h"
#include "http/cursor.h"
#include "http/idempotency.h"
#include "http/live_hub.h"
#include "http/reading.h"
#include "http/recipients_json.h"
#include "http/reply.h"
#include "http/routes.h"
#include "mail/address.h"
#include "routing/assign.h"

namespace answerable::http {
namespace {

constexpr std::size_t text_body_max = 3UL << 20;  // 1 MiB of text, escaped
constexpr TextLimits subject_limits{.bytes_min = 1, .bytes_max = conversations::subject_max_bytes};
constexpr TextLimits text_limits{.bytes_min = 0, .bytes_max = conversations::message_text_max_bytes};
constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};

void write_next_cursor(JsonWriter& out, ConversationId id, const std::optional<std::int64_t>& next) {
  out.key("next_cursor");
  if (next) {
    out.text(encode_cursor("messages", {.number = *next, .uuid = id.uuid}));
  } else {
    out.null();
  }
}

Result<net::Response> render_open(Call& call, store::Session& session, const conversations::OpenConversation& open,
                                  int status) {
  TRY(const auto names, load_names(call.api, session, call.actor));
  TRY(const auto seq, cluster::last_seq(session, call.actor.workspace));
  JsonWriter out(64UL << 10);
  out.begin_object();
  write_item_members(out, open.item, names);
  out.key("messages").begin_array();
  for (const auto& message : open.newest.messages) write_message(out, message, names.hides_personal);
  out.end_array();
  write_next_cursor(out, open.item.id, open.newest.next);
  out.member("total_messages", open.item.message_count);
  out.key("viewers");
  write_viewers(out, call.api.parts.presence.viewers(call.actor.workspace, open.item.id), names);
  out.key("draft");
  if (open.draft) {
    write_draft(out, *open.draft);
  } else {
    out.null();
  }
  out.key("drafts_of_others").begin_array();
  for (const auto& draft : open.drafts_of_others) {
    out.begin_object().key("user");
    write_named(out, draft.user, names);
    out.member("updated_at", draft.updated_at).end_object();
  }
  out.end_array()
      .member("contact_shows_quotes", open.contact_shows_quotes)
      .member("created_at", open.item.created_at)
      .member("seq", seq)
      .end_object();
  auto response = json_response(status, out);
  response.headers.set("ETag", item_etag(open.item.version));
  return response;
}

Result<net::Response> render_item(Call& call, store::Session& session, const conversations::ConversationItem& item) {
  TRY(const auto names, load_names(call.api, session, call.actor));
  JsonWriter out(1024);
  write_item(out, item, names);
  auto response = json_response(200, out);
  response.headers.set("ETag", item_etag(item.version));
  return response;
}

Result<net::Response> open(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto open, conversations::open_conversation(session, call.actor, id));
    TRY_STATUS(note_conversation(call, session, open.item));
    return render_open(call, session, open, 200);
  });
}

Result<net::Response> older_messages(Call& call) {
  TRY_STATUS(check_query(call, {"cursor", "limit"}));
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(const auto limit, query_limit(call));
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor("messages", *cursor));
    if (position.uuid != id.uuid)
      return fail(ErrorKind::invalid, "bad_cursor", "This cursor is of another conversation.");
    before = position.number;
  }
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto page, conversations::messages_before(session, call.actor, id, before, limit));
    TRY(const auto item, conversations::load_item(session, call.actor.workspace, id));
    TRY_STATUS(note_conversation(call, session, item));
    JsonWriter out(64UL << 10);
    out.begin_object().key("items").begin_array();
    for (const auto& message : page.messages) write_message(out, message, call.actor.hides_personal());
    out.end_array().member("total", item.message_count).member("total_is_exact", true);
    write_next_cursor(out, id, page.next);
    out.end_object();
    return json_response(200, out);
  });
}

struct Change {
  std::optional<std::int64_t> if_version;
  std::optional<std::string> subject;
  std::optional<std::string> status;
  std::optional<Time> snoozed_until;
  std::optional<UserId> assignee;  // nil: nobody
};

Result<std::optional<std::int64_t>> read_if_match(const Call& call) {
  const auto header = call.request.header("If-Match");
  if (!header || *header == "*") return std::optional<std::int64_t>();
  std::int64_t version = 0;
  const bool is_quoted = header->size() >= 3 && header->front() == '"' && header->back() == '"';
  const auto digits = is_quoted ? header->substr(1, header->size() - 2) : std::string_view();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
    return fail(ErrorKind::invalid, "bad_header", "If-Match is the ETag of the conversation, with its quotes.");
  return std::optional(version);
}

Result<Change> read_change(Call& call) {
  Change change;
  TRY(change.if_version, read_if_match(call));
  TRY(auto body, read_body(call));
  change.subject = body.text("subject", subject_limits);
  change.status = body.choice("status", {"open", "snoozed", "closed"});
  change.snoozed_until = body.time("snoozed_until");
  const auto assignee = body.text("assignee", id_limits);
  if (assignee) {
    change.assignee = UserId::parse(*assignee);
    if (!change.assignee) body.refuse("assignee", "not_allowed", "An id has the form of a UUID.");
  } else if (body.is_null("assignee")) {
    change.assignee = UserId{};
  }
  if (change.status == "snoozed" && !change.snoozed_until)
    body.refuse("snoozed_until", "required", "Until when should it be snoozed?");
  if (change.snoozed_until && change.status && change.status != "snoozed")
    body.refuse("snoozed_until", "not_allowed", "Only together with the status snoozed.");
  TRY_STATUS(finish_body(call, body));
  return change;
}

Result<conversations::ConversationItem> apply(store::Transaction& tx, const Call& call, ConversationId id,
                                              const Change& change) {
  const auto& actor = call.actor;
  TRY(auto item, conversations::load_item(tx, actor.workspace, id));
  if (change.if_version) TRY_STATUS(conversations::require_version(tx, actor.workspace, id, *change.if_version));
  if (change.subject) {
    TRY(item, conversations::rename(tx, actor, id, *change.subject));
  }
  if (change.assignee) {
    TRY(item, routing::assign(tx, actor, id, *change.assignee));
  }
  if (change.snoozed_until) {
    TRY(item, conversations::snooze(tx, actor, id, *change.snoozed_until));
  }
  if (change.status == "open") {
    TRY(item, conversations::reopen(tx, actor, id));
  }
  if (change.status == "closed") {
    TRY(item, conversations::close(tx, actor, id));
  }
  return item;
}

// The acts that a PATCH asks for are each authorized by their own action; the route stands for the least of them.
Result<net::Response> change(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(const auto wanted, read_change(call));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY(const auto item, apply(tx, call, id, wanted));
    return render_item(call, tx, item);
  });
}

Result<net::Response> take(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY(const auto item, routing::take(tx, call.actor, id));
    return render_item(call, tx, item);
  });
}

Result<net::Response> mark_read(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(auto body, read_body(call));
  const bool is_unread = body.flag("unread").value_or(false);
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return conversations::mark_read(tx, call.actor, id, is_unread); }));
  // After the commit: a chat visitor learns that it was read.
  if (!is_unread)
    call.api.parts.fanout.signal(
        {.workspace = call.actor.workspace, .kind = "agent_read", .conversation = id, .text = {}});
  return no_content();
}

Result<net::Response> set_tags(Call& call) {
  constexpr TextLimits tag_limits{.bytes_min = 1, .bytes_max = conversations::tag_max_bytes};
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(auto body, read_body(call));
  const auto tags = body.texts("tags", tag_limits, conversations::tags_max);
  if (!body.has("tags")) body.refuse("tags", "required", "This is needed.");
  TRY_STATUS(finish_body(call, body));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY(const auto item, conversations::set_tags(tx, call.actor, id, tags.value_or(std::vector<std::string>())));
    return render_item(call, tx, item);
  });
}

Result<net::Response> save_draft(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(auto body, read_body(call));
  const auto text = body.text("text", text_limits).value_or("");
  const auto kind = body.choice("kind", {"reply", "note"}).value_or("reply");
  TRY_STATUS(finish_body(call, body));
  TRY(const auto saved_at, call.api.database().write([&](store::Transaction& tx) {
    return conversations::save_draft(tx, call.actor, id, text, kind);
  }));
  JsonWriter out;
  out.begin_object().member("updated_at", saved_at).end_object();
  return json_response(200, out);
}

Result<net::Response> clear_draft(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return conversations::clear_draft(tx, call.actor, id); }));
  return no_content();
}

Result<net::Response> presence(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(auto body, read_body(call));
  const auto state = body.choice("state", {"viewing", "typing", "left"});
  if (!body.has("state")) body.refuse("state", "required", "This is needed.");
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().read([&](store::Session& session) -> Status {
    TRY(const auto item, conversations::load_item(session, call.actor.workspace, id));
    static_cast<void>(item);
    return {};
  }));
  if (call.actor.kind == access::Actor::Kind::user) call.api.live->note_presence(call.actor, id, *state);
  return no_content();
}

Result<conversations::NewConversation> read_new(Call& call) {
  TRY(auto body, read_body(call));
  constexpr TextLimits address_limits{.bytes_min = 1, .bytes_max = 254};
  const auto channel_text = body.need_text("channel_id", id_limits);
  std::vector<std::string> to{body.need_text("to", address_limits)};
  if (!to.front().empty()) check_addresses(call, body, "to", to);
  auto copies = read_copies(call, body, to.front());
  conversations::NewConversation wanted{.channel = {},
                                        .channel_kind = "email",
                                        .address_key = mail::address_key(to.front()),
                                        .address = to.front(),
                                        .cc = std::move(copies.cc),
                                        .bcc = std::move(copies.bcc),
                                        .subject = body.need_text("subject", subject_limits),
                                        .text = body.text("text", text_limits).value_or(""),
                                        .attachments = read_attachments(body)};
  wanted.consent.has_seen_warnings = body.flag("confirm_warnings").value_or(false);
  if (wanted.text.empty() && wanted.attachments.empty()) body.refuse("text", "required", "A message needs a text.");
  const auto channel_id = ChannelId::parse(channel_text);
  const auto channel = channel_id ? call.api.directory.channel(call.actor.workspace, *channel_id) : nullptr;
  if (!channel || channel->state == intake::ChannelState::disabled) {
    body.refuse("channel_id", "not_allowed", "There is no such channel, or it is disabled.");
  } else {
    wanted.channel = channel->id;
    wanted.channel_kind = channel->kind;
  }
  TRY_STATUS(finish_body(call, body));
  return wanted;
}

Result<net::Response> start(Call& call) {
  TRY(auto wanted, read_new(call));
  conversations::ContentRefusal refusal;
  wanted.consent.refusal = &refusal;
  TRY(wanted.consent.files_text,
      conversations::text_of_files(call.api.database(), call.api.parts.blobs, call.actor, wanted.attachments));
  return send_once(call, refusal, [&](store::Transaction& tx) -> Result<Produced> {
    TRY(const auto message, conversations::start_conversation(tx, call.actor, wanted));
    TRY(const auto open, conversations::open_conversation(tx, call.actor, message.conversation));
    TRY(auto response, render_open(call, tx, open, 201));
    response.headers.set("Location", "/api/v1/conversations/" + message.conversation.text());
    return Produced{.response = std::move(response)};
  });
}

void add_reading_routes(net::Router& router, ApiContext& api) {
  add_route(router, api,
            {.method = "GET", .path = "/conversations/{id}", .needs = {"conversation", "read"}, .act = open});
  add_route(router, api,
            {.method = "GET",
             .path = "/conversations/{id}/messages",
             .needs = {"conversation", "read"},
             .act = older_messages});
}

void add_personal_routes(net::Router& router, ApiContext& api) {
  constexpr auto write = RateClass::write;
  constexpr auto json = BodyKind::json;
  constexpr auto own = Needs::Whose::own;
  add_route(router, api,
            {.method = "PUT",
             .path = "/conversations/{id}/draft",
             .needs = {"draft", "save", own},
             .act = save_draft,
             .rate = write,
             .body = json,
             .body_bytes_max = text_body_max});
  add_route(router, api,
            {.method = "DELETE",
             .path = "/conversations/{id}/draft",
             .needs = {"draft", "save", own},
             .act = clear_draft,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/conversations/{id}/presence",
             .needs = {"conversation", "signal"},
             .act = presence,
             .rate = write,
             .body = json});
}

}  // namespace

void add_conversation_routes(net::Router& router, ApiContext& api) {
  add_reading_routes(router, api);
  add_personal_routes(router, api);
  constexpr auto write = RateClass::write;
  constexpr auto json = BodyKind::json;
  add_route(router, api,
            {.method = "POST",
             .path = "/conversations",
             .needs = {"conversation", "create"},
             .act = start,
             .rate = write,
             .body = json,
             .body_bytes_max = text_body_max});
  add_route(router, api,
            {.method = "PATCH",
             .path = "/conversations/{id}",
             .needs = {"conversation", "set_status"},
             .act = change,
             .rate = write,
             .body = json});
  add_route(router, api,
            {.method = "POST",
             .path = "/conversations/{id}/take",
             .needs = {"conversation", "take"},
             .act = take,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/conversations/{id}/read",
             .needs = {"conversation", "mark_read"},
             .act = mark_read,
             .rate = write,
             .body = json});
  add_route(router, api,
            {.method = "PUT",
             .path = "/conversations/{id}/tags",
             .needs = {"conversation", "tag"},
             .act = set_tags,
             .rate = write,
             .body = json});
}

}  // namespace answerable::http
