// OpenID Connect Back-Channel Logout 1.0. The provider's server comes here, not a browser: the token that it signed is
// all that counts. Our sessions that began by its session end, on every node within a second.
#include "http/provider_logout.h"

#include <algorithm>

#include "access/single_sign_on.h"
#include "http/oidc_json.h"
#include "http/problem.h"
#include "http/reply.h"
#include "http/route.h"

namespace answerable::http {
namespace {

constexpr std::size_t form_bytes_max = id_token_bytes_max + 1'024;

using Providers = std::shared_ptr<IdentityProviders>;

Result<std::int64_t> end_sessions(Call& call, IdentityProviders& providers) {
  net::Request form;
  form.query = call.request.body;  // the same encoding
  TRY(const auto token, read_logout_token(form.query_parameter("logout_token").value_or("")));
  const auto& said = token.claims.token;
  TRY(const auto known, call.api.database().query([&](store::Session& session) {
    return access::single_sign_ons_with(session, said.issuer);
  }));
  const auto is_meant = [&](const access::SingleSignOn& one) {
    return std::ranges::find(said.audience, one.client_id) != said.audience.end();
  };
  if (std::ranges::none_of(known, is_meant))  // nobody is asked for keys on a stranger's word
    return fail(ErrorKind::unauthenticated, "sign_in_refused", "This logout is not for us.");
  TRY(const auto provider, providers.description(said.issuer));
  TRY_STATUS(providers.check_signature(provider, token.signed_token));
  return call.api.database().write([&](store::Transaction& tx) -> Result<std::int64_t> {
    std::int64_t ended = 0;
    for (const auto& settings : known) {
      if (!is_meant(settings)) continue;
      TRY_STATUS(access::judge_logout(token.claims, settings.issuer, settings.client_id, tx.now()));
      TRY(const auto count, access::end_sign_on_sessions(tx, settings, token.claims));
      ended += count;
    }
    return ended;
  });
}

// Section 2.8: 200, or 400 with an error as OAuth writes it. 503 asks to try again: the provider's keys, or our
// database, cannot be had now.
net::Response refusal(const Error& error) {
  JsonWriter out;
  out.begin_object().member("error", "invalid_request").member("error_description", error.detail).end_object();
  const bool is_passing = error.kind == ErrorKind::unavailable && error.code != "provider_unreadable";
  return json_response(is_passing ? 503 : 400, out);
}

net::Response answer(ApiContext& api, const net::Request& request, IdentityProviders& providers) {
  const Guard guard{.needs = Needs::nobody(), .rate = RateClass::write, .body = BodyKind::raw};
  Call call{.api = api, .request = request};
  const auto admission = admit(call, guard);
  if (!admission.status) return finish(call, guard, admission, std::unexpected(admission.status.error()));
  const auto ended = end_sessions(call, providers);
  if (ended && *ended > 0) api.authenticator.changed();
  auto response = ended ? net::Response::text(200, "") : refusal(ended.error());
  return finish(call, guard, admission, std::move(response));
}

}  // namespace

void add_provider_logout_route(net::Router& router, ApiContext& api, Providers providers) {
  router.add_async(
      "POST", provider_logout_path,
      [&api, providers = std::move(providers)](net::Request request, net::Respond respond) {
        auto held = std::make_shared<net::Request>(std::move(request));
        auto job = [&api, providers, held, respond] { respond(answer(api, *held, *providers)); };
        if (api.images.submit(api.lanes.lane_of(*held), job)) return;
        respond(
            refusal({.kind = ErrorKind::unavailable, .code = "busy", .detail = "Too many ask at once. Try again."}));
      },
      {.max_body_bytes = form_bytes_max});
}

}  // namespace answerable::http
