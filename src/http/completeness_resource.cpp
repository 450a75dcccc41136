// /channels/{id}/completeness: what the sources of a channel have, what we have of it, and how long mail takes.
#include "http/reply.h"
#include "http/routes.h"
#include "intake/channel_directory.h"
#include "intake/completeness.h"

namespace answerable::http {
namespace {

constexpr std::int64_t days_shown = 30;
constexpr std::int64_t delay_days = 7;

void write_check(JsonWriter& out, const intake::SourceCheck& check) {
  out.begin_object().member("source", check.source).member("checked_at", check.checked_at);
  out.member("at_source", check.at_source).member("stored", check.stored).member("quarantined", check.withheld);
  out.member("skipped", check.noticed).member("waiting", check.waiting).member("missing", check.missing);
  out.text_or_null("missing_uids", check.missing_names).member("gone", check.gone);
  out.member("is_complete", check.missing == 0).end_object();
}

void write_day(JsonWriter& out, const intake::DayCount& day) {
  out.begin_object().member("day", Time{day.day * 86'400'000}).member("way", day.way);
  out.member("stored", day.stored).member("repeated", day.repeated);
  out.member("told", day.told).member("refused", day.refused);
  out.member("is_complete", day.told <= day.stored + day.repeated).end_object();
}

Status write_delays(JsonWriter& out, store::Session& session, const Call& call, ChannelId channel) {
  const auto first = intake::day_of(call.api.parts.clock.now()) - delay_days + 1;
  out.key("delays").begin_object().member("days", delay_days);
  for (const auto& [name, stage] :
       {std::pair("to_stored", intake::Stage::to_stored), std::pair("to_visible", intake::Stage::to_visible)}) {
    TRY(const auto found, intake::delays(session, call.actor.workspace, channel, stage, first));
    out.key(name).begin_object().member("count", found.count).member("p50_ms", found.p50_ms);
    out.member("p95_ms", found.p95_ms).member("p99_ms", found.p99_ms).end_object();
  }
  out.end_object();
  return {};
}

Result<net::Response> respond(Call& call, ChannelId id, std::optional<bool> is_done) {
  const auto first = intake::day_of(call.api.parts.clock.now()) - days_shown + 1;
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY_STATUS(intake::load_channel(session, call.actor.workspace, id));
    TRY(const auto checks, intake::latest_checks(session, call.actor.workspace, id));
    TRY(const auto days, intake::day_counts(session, call.actor.workspace, id, first));
    JsonWriter out(2048);
    out.begin_object().key("sources").begin_array();
    for (const auto& check : checks) write_check(out, check);
    out.end_array().key("days").begin_array();
    for (const auto& day : days) write_day(out, day);
    out.end_array();
    TRY_STATUS(write_delays(out, session, call, id));
    out.member("is_done", is_done.value_or(true)).end_object();
    return json_response(200, out);
  });
}

Result<net::Response> completeness(Call& call) {
  TRY(const auto id, path_id<ChannelId>(call));
  return respond(call, id, std::nullopt);
}

Result<net::Response> reconcile(Call& call) {
  TRY(const auto id, path_id<ChannelId>(call));
  TRY(const auto channel, call.api.database().query([&](store::Session& session) {
    return intake::load_channel(session, call.actor.workspace, id);
  }));
  if (!call.api.config.check_channel)
    return fail(ErrorKind::unavailable, "check_unavailable", "This server cannot check channels.");
  const bool is_done = call.api.config.check_channel(channel);
  return respond(call, id, is_done);
}

}  // namespace

void add_completeness_routes(net::Router& router, ApiContext& api) {
  add_route(router, api,
            {.method = "GET",
             .path = "/channels/{id}/completeness",
             .needs = {"channel", "completeness"},
             .act = completeness});
  add_route(router, api,
            {.method = "POST",
             .path = "/channels/{id}/reconcile",
             .needs = {"channel", "reconcile"},
             .act = reconcile,
             .rate = RateClass::write});
}

}  // namespace answerable::http
