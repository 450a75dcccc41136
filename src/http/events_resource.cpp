// GET /events: the event log by long poll, for programs and for browsers behind proxies that know no WebSocket.
#include <atomic>

#include "cluster/event_log.h"
#include "http/conversation_json.h"
#include "http/live_hub.h"
#include "http/problem.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr int events_limit_max = 500;
constexpr std::int64_t wait_s_default = 25;
constexpr std::int64_t wait_s_max = 50;
constexpr std::int64_t timeout_ms = 60'000;  // of the whole request; above wait_s_max
constexpr Guard guard{.needs = {"event", "read"}, .path = "/events"};

struct Poll {
  Poll(ApiContext& api, net::Request asked, net::Respond answer)
      : request(std::move(asked)), respond(std::move(answer)), call{.api = api, .request = request} {}

  net::Request request;
  net::Respond respond;
  Call call;
  Admission admission;
  std::int64_t after = 0;
  int limit = events_limit_max;
  std::int64_t wait_ms = 0;
};

Status read_query(Poll& poll) {
  TRY_STATUS(check_query(poll.call, {"after", "limit", "wait"}));
  TRY(poll.after, query_number(poll.call, "after", 0, std::numeric_limits<std::int64_t>::max()));
  TRY(poll.limit, query_limit(poll.call, events_limit_max, events_limit_max));
  TRY(const auto wait_s, query_number(poll.call, "wait", wait_s_default, wait_s_max));
  poll.wait_ms = wait_s * 1000;
  return {};
}

// Nothing when there is no event yet and `may_be_empty` is false.
Result<std::optional<net::Response>> read_events(Poll& poll, bool may_be_empty) {
  auto& api = poll.call.api;
  const auto workspace = poll.call.actor.workspace;
  return api.database().query([&](store::Session& session) -> Result<std::optional<net::Response>> {
    TRY(const auto head, cluster::last_seq(session, workspace));
    if (poll.after > head)
      return fail(ErrorKind::not_found, "resync_needed", "The log does not reach that far. Load afresh, then follow.");
    TRY(const auto events, cluster::events_after(session, workspace, poll.after, poll.limit));
    if (events.empty() && !may_be_empty) return std::nullopt;
    TRY(const auto names, load_names(api, session, poll.call.actor));
    JsonWriter out(4096);
    out.begin_object().key("events").begin_array();
    auto last = poll.after;
    if (!events.empty()) {
      TRY(last, write_events(out, session, events, names, poll.call.actor));
    }
    out.end_array().member("last_seq", last).member("behind", last < head).end_object();
    return std::optional(json_response(200, out));
  });
}

// True when the request is answered.
bool answer(const std::shared_ptr<Poll>& poll, bool is_last_chance) {
  auto read = read_events(*poll, is_last_chance);
  if (read && !*read) return false;
  Result<net::Response> outcome = read ? Result<net::Response>(**std::move(read)) : std::unexpected(read.error());
  poll->respond(finish(poll->call, guard, poll->admission, std::move(outcome)));
  return true;
}

void refuse(const std::shared_ptr<Poll>& poll, const Error& error) {
  poll->respond(finish(poll->call, guard, poll->admission, std::unexpected(error)));
}

void begin(const std::shared_ptr<Poll>& poll) {
  poll->admission = admit(poll->call, guard);
  if (!poll->admission.status) return refuse(poll, poll->admission.status.error());
  if (auto status = read_query(*poll); !status) return refuse(poll, status.error());
  if (answer(poll, poll->wait_ms == 0)) return;
  auto waiter = std::make_shared<LiveWaiter>();
  waiter->workspace = poll->call.actor.workspace;
  waiter->answer = [poll](bool is_last_chance) {
    if (auto status = admit_again(poll->call, guard); !status) {
      refuse(poll, status.error());
      return true;
    }
    return answer(poll, is_last_chance);
  };
  if (!poll->call.api.live->wait(waiter, poll->wait_ms))
    refuse(poll, Error{.kind = ErrorKind::unavailable, .code = "busy", .detail = "Too many wait. Try again."});
}

}  // namespace

void add_events_routes(net::Router& router, ApiContext& api) {
  router.add_async("GET", "/api/v1/events",
                   [&api](net::Request request, net::Respond respond) {
                     const auto lane = api.lanes.lane_of(request);
                     auto poll = std::make_shared<Poll>(api, std::move(request), std::move(respond));
                     const bool is_taken = api.parts.workers.submit(lane, [poll] { begin(poll); });
                     if (!is_taken)
                       refuse(poll, Error{.kind = ErrorKind::unavailable, .code = "busy", .detail = "Try again."});
                   },
                   {.max_body_bytes = 1024, .timeout_ms = timeout_ms});
}

}  // namespace answerable::http
