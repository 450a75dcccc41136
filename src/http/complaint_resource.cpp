// /oversight/complaints: what third parties complain of, and what was decided. /oversight/removals and
// /messages/{id}/removal: taking a message down, and putting it back.
#include "conversations/removal.h"
#include "http/put_back.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/complaint.h"

namespace answerable::http {
namespace {

// Whoever else shows it learns it at once (intake/signals.h).
void tell_channels(Call& call, WorkspaceId workspace, MessageId message, std::string_view kind) {
  call.api.parts.fanout.signal(
      {.workspace = workspace, .kind = std::string(kind), .conversation = {}, .text = message.text()});
}

}  // namespace

Status put_back(Call& call, WorkspaceId workspace, MessageId message) {
  TRY(const auto digest, call.api.database().query([&](store::Session& session) {
    return conversations::find_held_original(session, call.actor, workspace, message);
  }));
  TRY(const auto original, call.api.parts.blobs.get(digest));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return conversations::put_back(tx, call.actor, workspace, message, original); }));
  tell_channels(call, workspace, message, "put_back");
  return {};
}

namespace {

constexpr TextLimits reasons_limits{.bytes_min = 1, .bytes_max = policy::complaint_reasons_bytes_max};
constexpr TextLimits reason_limits{.bytes_min = 1, .bytes_max = conversations::removal_reason_bytes_max};
constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};
constexpr TextLimits external_limits{.bytes_min = 1, .bytes_max = 998};

void write_complaint(JsonWriter& out, const policy::Complaint& one) {
  out.begin_object().member("id", one.id).member("number", one.number).text_or_null("name", one.name);
  out.member("address", one.address).member("object", one.object).member("text", one.text);
  out.member("made_at", one.made_at).member("decided_at", one.decided_at);
  out.text_or_null("outcome", one.outcome).text_or_null("reasons", one.reasons);
  out.id_or_null("workspace_id", one.workspace).end_object();
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {}));
  TRY(const auto found,
      call.api.database().query([&](store::Session& session) { return policy::complaints(session, call.actor); }));
  JsonWriter out(8192);
  out.begin_object().key("items").begin_array();
  for (const auto& one : found) write_complaint(out, one);
  out.end_array().member("total", static_cast<std::int64_t>(found.size()));
  out.member("total_is_exact", std::ssize(found) < policy::complaints_shown_max).key("next_cursor").null().end_object();
  return json_response(200, out);
}

std::optional<WorkspaceId> read_workspace(JsonReader& body, std::string_view name) {
  const auto text = body.text(name, id_limits);
  if (!text) return std::nullopt;
  auto id = WorkspaceId::parse(*text);
  if (!id) body.refuse(name, "not_allowed", "An id has the form of a UUID.");
  return id;
}

Result<net::Response> decide(Call& call) {
  TRY(const auto id, path_id<policy::ComplaintId>(call));
  TRY(auto body, read_body(call));
  const auto outcome = body.choice("outcome", {"nothing", "removed", "measure"});
  if (!outcome) body.refuse("outcome", "required", "This is needed.");
  const policy::ComplaintDecision decision{.complaint = id,
                                           .outcome = outcome.value_or(""),
                                           .reasons = body.need_text("reasons", reasons_limits),
                                           .workspace = read_workspace(body, "workspace_id").value_or(WorkspaceId{})};
  TRY_STATUS(finish_body(call, body));
  TRY(const auto decided, call.api.database().write([&](store::Transaction& tx) {
    return policy::decide_complaint(tx, call.actor, decision);
  }));
  JsonWriter out;
  write_complaint(out, decided);
  return json_response(200, out);
}

// The original goes to the blob store first: its row must not name what is not there.
Status take_down(Call& call, WorkspaceId workspace, MessageId message, std::string_view reason) {
  TRY(const auto original, call.api.database().query([&](store::Session& session) {
    return conversations::load_original(session, call.actor, workspace, message);
  }));
  TRY(const auto stored, call.api.parts.blobs.put(original));
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) {
    return conversations::take_down(
        tx, call.actor,
        {.workspace = workspace, .message = message, .reason = std::string(reason), .original = stored.digest});
  }));
  tell_channels(call, workspace, message, "taken_down");
  return {};
}

Result<net::Response> remove_own(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(auto body, read_body(call));
  const auto reason = body.need_text("reason", reason_limits);
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(take_down(call, call.actor.workspace, id, reason));
  return no_content();
}

Result<net::Response> restore_own(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY_STATUS(put_back(call, call.actor.workspace, id));
  return no_content();
}

Result<net::Response> removals(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, conversations::removals(session, call.actor));
    JsonWriter out(4096);
    out.begin_object().key("items").begin_array();
    for (const auto& one : found) {
      out.begin_object().member("workspace_id", one.workspace).member("message_id", one.message);
      out.member("reason", one.reason).member("removed_at", one.removed_at).end_object();
    }
    out.end_array().member("total", static_cast<std::int64_t>(found.size()));
    out.member("total_is_exact", std::ssize(found) < conversations::removals_shown_max).key("next_cursor").null();
    out.end_object();
    return json_response(200, out);
  });
}

// {"workspace_id": …, "message_id": … or "external_id": a Message-ID, "reason": …}
Result<net::Response> remove_for(Call& call) {
  TRY(auto body, read_body(call));
  const auto workspace = read_workspace(body, "workspace_id");
  if (!workspace) body.refuse("workspace_id", "required", "This is needed.");
  const auto id_text = body.text("message_id", id_limits);
  const auto external_id = body.text("external_id", external_limits);
  if (id_text.has_value() == external_id.has_value())
    body.refuse("message_id", "required", "Name the message by its id or its Message-ID.");
  const auto reason = body.need_text("reason", reason_limits);
  TRY_STATUS(finish_body(call, body));
  auto message = id_text ? MessageId::parse(*id_text) : std::nullopt;
  if (external_id) {
    TRY(message, call.api.database().query([&](store::Session& session) {
      return conversations::find_removable(session, call.actor, *workspace, *external_id);
    }));
  }
  if (!message) return fail(ErrorKind::not_found, "no_message", "There is no such message.");
  TRY_STATUS(take_down(call, *workspace, *message, reason));
  return no_content();
}

Result<net::Response> restore_for(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(auto body, read_body(call));
  const auto workspace = read_workspace(body, "workspace_id");
  if (!workspace) body.refuse("workspace_id", "required", "This is needed.");
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(put_back(call, *workspace, id));
  return no_content();
}

}  // namespace

void add_complaint_routes(net::Router& router, ApiContext& api) {
  const auto add = [&](std::string_view method, std::string_view path, Needs needs, Act act) {
    const bool has_body = method == "POST" || method == "PUT";
    add_route(router, api,
              {.method = method,
               .path = path,
               .needs = needs,
               .act = std::move(act),
               .rate = method == "GET" ? RateClass::read : RateClass::write,
               .body = has_body ? BodyKind::json : BodyKind::none});
  };
  add("GET", "/oversight/complaints", {"oversight", "read"}, list);
  add("POST", "/oversight/complaints/{id}/decide", {"oversight", "decide"}, decide);
  add("GET", "/oversight/removals", {"oversight", "read"}, removals);
  add("POST", "/oversight/removals", {"oversight", "decide"}, remove_for);
  add("POST", "/oversight/removals/{id}/restore", {"oversight", "decide"}, restore_for);
  add("PUT", "/messages/{id}/removal", {"message", "take_down"}, remove_own);
  add("DELETE", "/messages/{id}/removal", {"message", "take_down"}, restore_own);
}

}  // namespace answerable::http
