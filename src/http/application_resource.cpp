// /applications: the programs that a workspace lets use the interface; /oversight/applications: those that wait for the
// operator, where the policy says that he approves.
#include "access/application.h"
#include "access/workspace.h"
#include "http/application_approval.h"
#include "http/conversation_json.h"
#include "http/policy_json.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = access::application_name_bytes_max};
constexpr TextLimits purpose_limits{.bytes_min = 1, .bytes_max = access::application_purpose_bytes_max};
constexpr TextLimits contact_limits{.bytes_min = 0, .bytes_max = 254};

void write_application(JsonWriter& out, const access::Application& one, std::string_view owner) {
  out.begin_object().member("id", one.id).member("name", one.name).member("purpose", one.purpose);
  out.text_or_null("contact", one.contact).text_or_null("owner", owner);
  out.key("scopes").begin_array().text("read");
  if (one.may_write) out.text("write");
  out.end_array().member("state", to_string(one.state)).member("created_at", one.created_at);
  out.member("expires_at", one.expires_at);
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto all, access::applications(session, call.actor));
    TRY(const auto names, load_names(call.api, session, call.actor.workspace));
    JsonWriter out(4096);
    write_whole(out, all, [&](JsonWriter& to, const access::Application& one) {
      write_application(to, one, names.people->find(one.owner));
      to.end_object();
    });
    return json_response(200, out);
  });
}

Result<net::Response> enroll(Call& call) {
  TRY(auto body, read_body(call));
  const access::NewApplication given{.name = body.need_text("name", name_limits),
                                     .purpose = body.need_text("purpose", purpose_limits),
                                     .contact = body.text("contact", contact_limits).value_or(""),
                                     .may_write = body.choice("scope", {"read", "write"}) == "write",
                                     .expires_at = body.time("expires_at")};
  TRY_STATUS(finish_body(call, body));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY(const bool is_approved, administrators_approve(tx, call.actor.workspace));
    TRY(const auto made, access::register_application(tx, call.actor, given, is_approved));
    JsonWriter out;
    write_application(out, made, call.actor.name);
    out.end_object();
    return json_response(201, out);
  });
}

Result<net::Response> end(Call& call) {
  TRY(const auto id, path_id<access::ApplicationId>(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::end_application(tx, call.actor, id); }));
  call.api.authenticator.changed();
  return no_content();
}

Result<net::Response> waiting(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto all, access::waiting_applications(session));
    JsonWriter out(4096);
    out.begin_object().key("items").begin_array();
    for (const auto& one : all) {
      TRY(const auto workspace, access::find_workspace(session, one.workspace));
      write_application(out, one, "");
      out.key("workspace").begin_object().member("id", one.workspace);
      out.member("name", workspace ? workspace->name : std::string()).end_object().end_object();
    }
    out.end_array().member("total", static_cast<std::int64_t>(all.size())).member("total_is_exact", true);
    out.key("next_cursor").null().end_object();
    return json_response(200, out);
  });
}

Result<net::Response> decide(Call& call) {
  TRY(const auto id, path_id<access::ApplicationId>(call));
  TRY(auto body, read_body(call));
  const auto outcome = body.choice("outcome", {"approved", "refused"});
  if (!outcome) body.refuse("outcome", "required", "This is needed.");
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::decide_application(tx, call.actor, id, outcome == "approved"); }));
  call.api.authenticator.changed();
  return no_content();
}

}  // namespace

Result<bool> administrators_approve(store::Session& session, WorkspaceId workspace) {
  TRY(const auto rule, policy::rule_for(session, workspace, "approved_programs", "approval"));
  return rule.value != "operator";
}

void add_application_routes(net::Router& router, ApiContext& api) {
  const auto read = [&](std::string_view path, Needs needs, Act act) {
    add_route(router, api, {.method = "GET", .path = path, .needs = needs, .act = std::move(act)});
  };
  const auto write = [&](std::string_view method, std::string_view path, Needs needs, Act act) {
    add_route(router, api,
              {.method = method,
               .path = path,
               .needs = needs,
               .act = std::move(act),
               .rate = RateClass::write,
               .body = method == "DELETE" ? BodyKind::none : BodyKind::json});
  };
  read("/applications", {"application", "list"}, list);
  write("POST", "/applications", {"application", "register"}, enroll);
  write("DELETE", "/applications/{id}", {"application", "end"}, end);
  read("/oversight/applications", {"oversight", "read"}, waiting);
  write("POST", "/oversight/applications/{id}/decide", {"oversight", "decide"}, decide);
}

}  // namespace answerable::http
