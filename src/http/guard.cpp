#include <algorithm>
#include <memory>

#include "access/authorize.h"
#include "base/ensure.h"
#include "http/cookies.h"
#include "http/html.h"
#include "http/origin.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/sight.h"
#include "http/watch.h"
#include "net/address.h"
#include "policy/facts.h"

namespace answerable::http {
namespace {

constexpr std::string_view api_prefix = "/api/v1";
constexpr std::string_view bearer = "Bearer ";

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD"; }

Status authenticate(Call& call) {
  const auto authorization = call.request.header("Authorization");
  if (authorization) {
    if (!net::equals_ignoring_case(authorization->substr(0, bearer.size()), bearer))
      return fail(ErrorKind::unauthenticated, "api_key_invalid", "Send the key as: Authorization: Bearer ak_…");
    TRY(call.actor, call.api.authenticator.by_api_key(authorization->substr(bearer.size())));
    return {};
  }
  call.token = session_token(call.request, call.api.config);
  TRY(call.actor, call.api.authenticator.by_session(call.token));
  return {};
}

// Bodies are JSON and say so: a form of another site cannot send that type without asking first (CORS), and we never
// allow it.
Status check_body(const net::Request& request, BodyKind kind) {
  if (kind == BodyKind::none) {
    if (request.body.empty() || request.body == "{}") return {};
    return fail(ErrorKind::invalid, "body_not_allowed", "This request takes no body.");
  }
  if (kind == BodyKind::raw) return {};
  auto type = request.header("Content-Type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (net::equals_ignoring_case(type, "application/json")) return {};
  return fail(ErrorKind::invalid, "unsupported_media_type", "Send the body as application/json.");
}

// A suspended workspace's people still learn that it is, and why.
bool is_about_standing(const Needs& needs) { return needs.resource() == "session" || needs.resource() == "policy"; }

Status judge(Call& call, const Needs& needs) {
  if (needs.is_open() || is_about_standing(needs)) return {};
  return call.api.standing.judge(call.actor);
}

// False: too often. `admission` says so then.
bool is_in_time(Call& call, const Guard& guard, bool is_known, Admission& admission) {
  const auto address = is_known ? std::string() : net::network_key(call.request.peer_address);
  const Asker asker{.actor = is_known ? &call.actor : nullptr, .address_key = address};
  admission.allowance = call.api.standing.allowance(is_known ? call.actor.workspace : WorkspaceId{});
  admission.rate = call.api.rates.take(guard.rate, asker, *admission.allowance);
  if (admission.rate->is_allowed()) return true;
  call.retry_after_ms = admission.rate->wait_ms();
  admission.status = fail(ErrorKind::limited, "rate_limited", std::string(admission.rate->refusal));
  return false;
}

struct Guarded {
  ApiContext& api;
  ApiRoute route;
  Guard guard;
  Histogram& duration;

  net::Response run(const net::Request& request) {
    const auto started_ns = std::chrono::steady_clock::now();
    Call call{.api = api, .request = request};
    const auto admission = admit(call, guard);
    auto outcome =
        admission.status ? route.act(call) : Result<net::Response>(std::unexpected(admission.status.error()));
    auto response = finish(call, guard, admission, std::move(outcome));
    const auto taken = std::chrono::steady_clock::now() - started_ns;
    duration.observe_us(std::chrono::duration_cast<std::chrono::microseconds>(taken).count());
    return response;
  }
};

net::Response busy(const net::Request& request) {
  const Error error{
      .kind = ErrorKind::unavailable, .code = "busy", .detail = "Too many ask for this at once. Try again."};
  return problem(error, {.request_id = request.request_id});
}

// Beside the workers, so that what takes long does not keep them from all else.
void add_slow_route(net::Router& router, const std::shared_ptr<Guarded>& guarded, const std::string& pattern,
                    const net::RouteOptions& options) {
  router.add_async(
      guarded->route.method, pattern,
      [guarded](net::Request request, net::Respond respond) {
        auto held = std::make_shared<net::Request>(std::move(request));
        auto job = [guarded, held, respond] { respond(guarded->run(*held)); };
        auto& api = guarded->api;
        const bool is_taken = guarded->route.runs == Runs::fetching ? api.images.submit(api.lanes.lane_of(*held), job)
                                                                    : api.hashing.submit(job);
        if (!is_taken) respond(busy(*held));
      },
      options);
}

}  // namespace

Admission admit(Call& call, const Guard& guard) {
  Admission admission;
  if (!guard.needs.is_open()) admission.status = authenticate(call);
  const bool is_known = !guard.needs.is_open() && admission.status;
  if (is_known) call.api.lanes.learn(call.request, call.actor);
  if (!is_in_time(call, guard, is_known, admission)) return admission;
  if (auto status = call.api.watch->admit(call, guard, is_known); !status) admission.status = std::move(status);
  if (!admission.status) return admission;
  if (!is_safe(call.request.method)) {
    const bool uses_cookie = guard.needs.is_open() || !call.token.empty();
    if (uses_cookie) admission.status = check_same_origin(call.request, call.api.config, !guard.needs.is_open());
  }
  if (admission.status && !guard.needs.is_open())
    admission.status =
        access::authorize(call.actor, guard.needs.resource(), guard.needs.action(), guard.needs.is_own());
  if (admission.status) admission.status = judge(call, guard.needs);
  if (admission.status && !guard.needs.is_open()) admission.status = require_sight(call, guard.path, guard.needs);
  if (admission.status) admission.status = check_body(call.request, guard.body);
  return admission;
}

Status admit_again(Call& call, const Guard& guard) {
  TRY_STATUS(authenticate(call));
  TRY_STATUS(access::authorize(call.actor, guard.needs.resource(), guard.needs.action(), guard.needs.is_own()));
  TRY_STATUS(require_sight(call, guard.path, guard.needs));
  return judge(call, guard.needs);
}

// Why something is stopped tells of facts that a control has recorded: in the reader's language.
Error for_reader(const Call& call, Error error) {
  if (error.kind == ErrorKind::suspended || error.kind == ErrorKind::limited)
    error.detail = policy::facts_in(reader_language(call.request), error.detail);
  return error;
}

net::Response finish(Call& call, const Guard& guard, const Admission& admission, Result<net::Response> outcome) {
  if (!outcome) call.api.watch->refused(call, guard, outcome.error());
  auto response = outcome ? *std::move(outcome)
                          : problem(for_reader(call, outcome.error()), {.request_id = call.request.request_id,
                                                                        .fields = std::move(call.fields),
                                                                        .retry_after_ms = call.retry_after_ms});
  if (admission.rate) add_rate_headers(response.headers, *admission.rate);
  if (!response.headers.find("Cache-Control")) response.headers.set("Cache-Control", "no-store");
  if (!response.headers.find("Content-Security-Policy")) response.headers.set("Content-Security-Policy", data_policy);
  response.headers.set("X-Content-Type-Options", "nosniff");
  return response;
}

void add_route(net::Router& router, ApiContext& api, ApiRoute route) {
  ensure(route.needs.is_open() || access::is_known_pair(route.needs.resource(), route.needs.action()),
         "a route needs a pair that the table of access knows");
  const auto pattern = std::string(api_prefix).append(route.path);
  const net::RouteOptions options{.max_body_bytes = route.body == BodyKind::none ? 1024 : route.body_bytes_max};
  const auto label = "route=\"" + std::string(route.method) + " " + std::string(route.path) + "\"";
  auto& duration =
      api.parts.metrics.histogram("answerable_api_request_seconds", "Time that an act of the API took", label);
  const Guard guard{.needs = route.needs, .path = route.path, .rate = route.rate, .body = route.body};
  const auto method = route.method;
  const auto runs = route.runs;
  auto guarded = std::make_shared<Guarded>(api, std::move(route), guard, duration);
  if (runs != Runs::workers) return add_slow_route(router, guarded, pattern, options);
  router.add(method, pattern, [guarded](const net::Request& request) { return guarded->run(request); }, options);
}

}  // namespace answerable::http
