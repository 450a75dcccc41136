// /workspaces: what the operator of an installation sees of it. Nothing of what is inside a workspace.
#include "access/add_workspace.h"
#include "http/idempotency.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = access::workspace_name_bytes_max};
constexpr TextLimits person_limits{.bytes_min = 1, .bytes_max = access::person_name_bytes_max};
constexpr TextLimits email_limits{.bytes_min = 3, .bytes_max = access::mail_address_bytes_max};

void write_summary(JsonWriter& out, const access::Workspace& workspace, std::int64_t people) {
  out.begin_object().member("id", workspace.id).member("name", workspace.name);
  out.member("created_at", workspace.created_at).member("people", people).end_object();
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {}));
  TRY(const auto found,
      call.api.database().query([&](store::Session& session) { return access::list_workspaces(session, call.actor); }));
  JsonWriter out(4096);
  out.begin_object().key("items").begin_array();
  for (const auto& one : found) write_summary(out, one.workspace, one.people);
  out.end_array().member("total", static_cast<std::int64_t>(found.size())).member("total_is_exact", true);
  out.key("next_cursor").null().end_object();
  return json_response(200, out);
}

std::string created_body(const access::AddedWorkspace& added, std::string_view password) {
  JsonWriter out;
  out.begin_object().key("workspace");
  write_summary(out, added.workspace, 1);
  out.member("administrator_email", added.administrator.email);
  out.text_or_null("temporary_password", password).end_object();
  return out.take();
}

Result<net::Response> create(Call& call) {
  TRY(auto body, read_body(call));
  access::NewWorkspace wanted{.name = body.need_text("name", name_limits),
                              .administrator_name = body.need_text("administrator_name", person_limits),
                              .administrator_email = body.need_text("administrator_email", email_limits)};
  if (!access::is_mail_address(access::email_key(wanted.administrator_email)))
    body.refuse("administrator_email", "not_allowed", "This is not a mail address.");
  TRY_STATUS(finish_body(call, body));
  const auto password = access::make_temporary_password();
  TRY(wanted.password_hash, access::hash_password(password, call.api.config.password_cost));
  return write_once(call, [&](store::Transaction& tx) -> Result<Produced> {
    TRY(const auto added, access::add_workspace(tx, call.actor, wanted));
    return Produced{.response = json_response(201, created_body(added, password)),
                    .body_for_repetition = created_body(added, {})};
  });
}

}  // namespace

void add_workspace_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/workspaces", .needs = {"workspace", "list"}, .act = list});
  add_route(router, api,
            {.method = "POST",
             .path = "/workspaces",
             .needs = {"workspace", "create"},
             .act = create,
             .rate = RateClass::write,
             .body = BodyKind::json,
             .runs = Runs::hashing});
}

}  // namespace answerable::http
