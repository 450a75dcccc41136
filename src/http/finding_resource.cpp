// /oversight/findings: what was noticed and waits for a person, and what became of it.
#include "access/workspace.h"
#include "http/html.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/facts.h"
#include "policy/finding.h"

namespace answerable::http {
namespace {

void write_finding(JsonWriter& out, const policy::Finding& one, std::string_view workspace_name,
                   std::string_view language) {
  out.begin_object().member("id", one.id).key("workspace");
  if (one.workspace.is_nil()) {
    out.null();
  } else {
    out.begin_object().member("id", one.workspace).member("name", workspace_name).end_object();
  }
  out.member("kind", one.kind).member("subject_kind", one.subject_kind).member("subject", one.subject);
  out.member("facts", policy::facts_in(language, one.facts)).member("clause", one.clause).member("times", one.times);
  out.member("first_at", one.first_at).member("last_at", one.last_at).member("is_violation", one.is_violation);
  out.member("closed_at", one.closed_at).text_or_null("outcome", one.outcome).end_object();
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, policy::findings(session, call.actor));
    JsonWriter out(8192);
    out.begin_object().key("items").begin_array();
    for (const auto& one : found.items) {
      TRY(const auto workspace, access::find_workspace(session, one.workspace));
      write_finding(out, one, workspace ? workspace->name : std::string(), reader_language(call.request));
    }
    out.end_array().member("total", found.total).member("total_is_exact", true).member("open", found.open);
    out.key("next_cursor").null().end_object();
    return json_response(200, out);
  });
}

Result<net::Response> review(Call& call) {
  TRY(const auto id, path_id<policy::FindingId>(call));
  TRY(auto body, read_body(call));
  const auto outcome = body.choice("outcome", {"violation", "dismissed", "seen"});
  if (!outcome) body.refuse("outcome", "required", "This is needed.");
  const auto reasons = body.text("reasons", {.bytes_min = 0, .bytes_max = policy::finding_reasons_bytes_max});
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) {
    return policy::review_finding(tx, call.actor, id, *outcome, reasons.value_or(""));
  }));
  return no_content();
}

}  // namespace

void add_finding_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/oversight/findings", .needs = {"oversight", "read"}, .act = list});
  add_route(router, api,
            {.method = "POST",
             .path = "/oversight/findings/{id}/review",
             .needs = {"oversight", "decide"},
             .act = review,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
