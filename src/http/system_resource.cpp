// GET /setup (what is still to be done) and GET /openapi.json (the description of this API).
#include "access/user.h"
#include "access/workspace.h"
#include "conversations/list.h"
#include "http/cookies.h"
#include "http/openapi_document.h"
#include "http/reply.h"
#include "http/routes.h"
#include "intake/channel.h"

namespace answerable::http {
namespace {

void write_step(JsonWriter& out, std::string_view key, bool is_done) {
  out.begin_object().member("key", key).member("done", is_done).end_object();
}

Status write_steps(JsonWriter& out, store::Session& session, const access::Actor& actor) {
  TRY(const auto channels, intake::list_channels(session, actor.workspace));
  TRY(const auto users, access::users(session, actor.workspace));
  const auto has = [&](std::string_view kind) {
    for (const auto& channel : channels) {
      if (channel.kind == kind && channel.state != intake::ChannelState::disabled) return true;
    }
    return false;
  };
  TRY(const auto counted, conversations::count_views(session, actor));
  write_step(out, "administrator", true);
  write_step(out, "channel_email", has("email"));
  write_step(out, "channel_webchat", has("webchat"));
  write_step(out, "colleagues", users.size() > 1);
  write_step(out, "first_conversation", counted.all > 0);
  return {};
}

// Open: the sign-in page asks whether the installation is new. The steps are for administrators who are signed in.
Result<net::Response> setup(Call& call) {
  std::optional<access::Actor> actor;
  if (auto signed_in = call.api.authenticator.by_session(session_token(call.request, call.api.config)))
    actor = *std::move(signed_in);
  const bool sees_steps = actor && actor->role == access::Role::administrator;
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto workspaces, access::workspaces(session));
    JsonWriter out;
    out.begin_object().member("first_run", workspaces.empty()).key("steps").begin_array();
    if (sees_steps) TRY_STATUS(write_steps(out, session, *actor));
    out.end_array().end_object();
    return json_response(200, out);
  });
}

Result<net::Response> openapi(Call&) {
  net::Response response;
  response.static_body = openapi_document();
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("Access-Control-Allow-Origin", "*");
  return response;
}

}  // namespace

void add_system_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/setup", .needs = Needs::nobody(), .act = setup});
  add_route(router, api, {.method = "GET", .path = "/openapi.json", .needs = Needs::nobody(), .act = openapi});
}

}  // namespace answerable::http
