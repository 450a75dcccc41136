// /scim-token: the token by which a company's directory provisions people.
#include "access/scim_token.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

net::Response token_response(const Call& call, int status, const std::optional<access::ScimToken>& token,
                             std::string_view secret) {
  JsonWriter out;
  out.begin_object().member("base_url", call.api.config.public_url + "/scim/v2").member("exists", token.has_value());
  out.member("created_at", token ? std::optional(token->created_at) : std::nullopt);
  out.member("last_used_at", token ? token->last_used_at : std::nullopt);
  out.text_or_null("secret", secret).end_object();
  return json_response(status, out);
}

Result<net::Response> show(Call& call) {
  TRY(const auto token,
      call.api.database().query([&](store::Session& session) { return access::scim_token(session, call.actor); }));
  return token_response(call, 200, token, {});
}

Result<net::Response> create(Call& call) {
  TRY(const auto made, call.api.database().write([&](store::Transaction& tx) -> Result<access::NewScimToken> {
    TRY_STATUS(policy::judge_feature(tx, call.actor.workspace, "scim"));
    return access::make_scim_token(tx, call.actor);
  }));
  return token_response(call, 201, made.token, made.secret);
}

Result<net::Response> end(Call& call) {
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) { return access::end_scim_token(tx, call.actor); }));
  return no_content();
}

}  // namespace

void add_scim_token_routes(net::Router& router, ApiContext& api) {
  constexpr auto write = RateClass::write;
  constexpr std::string_view path = "/scim-token";
  add_route(router, api, {.method = "GET", .path = path, .needs = {"scim", "read"}, .act = show});
  add_route(router, api, {.method = "POST", .path = path, .needs = {"scim", "update"}, .act = create, .rate = write});
  add_route(router, api, {.method = "DELETE", .path = path, .needs = {"scim", "end"}, .act = end, .rate = write});
}

}  // namespace answerable::http
