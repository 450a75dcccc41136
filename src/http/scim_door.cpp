#include "http/scim_door.h"

#include <algorithm>
#include <charconv>

#include "access/scim_token.h"
#include "http/problem.h"
#include "http/scim_json.h"

namespace answerable::http {
namespace {

constexpr std::size_t scim_body_bytes_max = 64UL << 10;
constexpr std::string_view bearer = "Bearer ";
constexpr std::int64_t start_index_max = 1'000'000;

int status_for(const Error& error) {
  // What SCIM calls 400, the rest of the API calls 422.
  return error.kind == ErrorKind::invalid ? 400 : status_of(error);
}

Status admit_directory(Call& call, RateClass rate) {
  const auto header = call.request.header("Authorization").value_or("");
  const bool is_bearer = net::equals_ignoring_case(header.substr(0, bearer.size()), bearer);
  const auto secret = is_bearer ? header.substr(bearer.size()) : std::string_view();
  auto actor =
      call.api.database().query([&](store::Session& session) { return access::actor_of_scim_token(session, secret); });
  const auto address = net::network_key(call.request.peer_address);
  const Asker asker{.actor = actor ? &*actor : nullptr, .address_key = address};
  const auto allowance = call.api.standing.allowance(actor ? actor->workspace : WorkspaceId{});
  const auto verdict = call.api.rates.take(actor ? rate : RateClass::sign_in, asker, *allowance);
  if (!verdict.is_allowed()) {
    call.retry_after_ms = verdict.wait_ms();
    return fail(ErrorKind::limited, "rate_limited", std::string(verdict.refusal));
  }
  if (!actor) return std::unexpected(actor.error());
  call.actor = *std::move(actor);
  call.api.database().submit([by = call.actor](store::Transaction& tx) { return access::note_scim_token_used(tx, by); },
                             [](const Status&) {});
  return {};
}

net::Response answer(ApiContext& api, const net::Request& request, ScimAct act) {
  Call call{.api = api, .request = request};
  const auto admitted = admit_directory(call, request.method == "GET" ? RateClass::read : RateClass::write);
  auto outcome = admitted ? act(call) : Result<net::Response>(std::unexpected(admitted.error()));
  auto response = outcome ? *std::move(outcome) : net::Response();
  if (!outcome) {
    const auto status = status_for(outcome.error());
    response = scim_response(status, scim_error_json(outcome.error(), status));
    if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
    if (call.retry_after_ms > 0)
      response.headers.set("Retry-After", std::to_string((call.retry_after_ms + 999) / 1'000));
  }
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace

void add_scim_route(net::Router& router, ApiContext& api, std::string_view method, std::string_view path, ScimAct act) {
  router.add(method, "/scim/v2" + std::string(path),
             [&api, act](const net::Request& request) { return answer(api, request, act); },
             {.max_body_bytes = scim_body_bytes_max});
}

void add_scim_resource(net::Router& router, ApiContext& api, const std::string& path, const ScimResource& acts) {
  const auto one = path + "/{id}";
  add_scim_route(router, api, "GET", path, acts.list);
  add_scim_route(router, api, "POST", path, acts.create);
  add_scim_route(router, api, "GET", one, acts.show);
  add_scim_route(router, api, "PUT", one, acts.replace);
  add_scim_route(router, api, "PATCH", one, acts.patch);
  add_scim_route(router, api, "DELETE", one, acts.remove);
}

std::string scim_base_url(const Call& call) { return call.api.config.public_url + "/scim/v2"; }

net::Response scim_response(int status, std::string body) {
  net::Response response{.status = status, .body = std::move(body)};
  response.headers.set("Content-Type", scim_media_type);
  return response;
}

void forget_people(Call& call) {
  call.api.authenticator.changed();
  call.api.directory.forget(call.actor.workspace);
}

ScimPage scim_page(const Call& call) {
  const auto number = [&](std::string_view name, std::int64_t standard) {
    const auto text = call.request.query_parameter(name).value_or("");
    std::int64_t value = standard;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  return {.start = std::clamp<std::int64_t>(number("startIndex", 1), 1, start_index_max),
          .count =
              std::clamp<std::int64_t>(number("count", access::provisioned_page_max), 0, access::provisioned_page_max)};
}

}  // namespace answerable::http
