// /deliveries: what waits, failed or may have been sent, and what an administrator decides about it.
#include "http/cursor.h"
#include "http/idempotency.h"
#include "http/reply.h"
#include "http/routes.h"
#include "outbox/deliveries.h"
#include "outbox/settle.h"

namespace answerable::http {
namespace {

void write_channel_name(JsonWriter& out, const Call& call, ChannelId id) {
  const auto channel = call.api.directory.channel(call.actor.workspace, id);
  out.key("channel").begin_object().member("id", id);
  out.member("name", channel ? std::string_view(channel->name) : std::string_view()).end_object();
}

void write_delivery(JsonWriter& out, const Call& call, const outbox::DeliverySummary& delivery) {
  out.begin_object();
  out.member("id", delivery.id).member("message_id", delivery.message);
  out.member("conversation_id", delivery.conversation);
  write_channel_name(out, call, delivery.channel);
  out.member("recipient", delivery.recipient).member("state", to_string(delivery.state));
  out.member("attempts", delivery.attempts).member("next_attempt_at", delivery.next_attempt_at);
  out.text_or_null("last_error", delivery.last_error).text_or_null("external_id", delivery.external_id);
  out.member("created_at", delivery.created_at);
  out.key("attempt_log").begin_array();
  for (const auto& attempt : delivery.attempt_log) {
    out.begin_object().member("at", attempt.at).member("result", attempt.result);
    out.text_or_null("detail", attempt.detail).end_object();
  }
  out.end_array().end_object();
}

// Of each state that is not settled, zeros included.
void write_counts(JsonWriter& out, const std::map<outbox::DeliveryState, std::int64_t>& counts) {
  using enum outbox::DeliveryState;
  out.key("counts").begin_object();
  for (const auto state : {queued, sending, held, failed, unknown, dead}) {
    const auto found = counts.find(state);
    out.member(to_string(state), found == counts.end() ? std::int64_t{0} : found->second);
  }
  out.end_object();
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {"state", "limit", "cursor"}));
  TRY(const auto limit, query_limit(call));
  const auto state_text = call.request.query_parameter("state").value_or("failed");
  const auto state = outbox::parse_delivery_state(state_text);
  if (!state)
    return fail(ErrorKind::invalid, "bad_query", "state is failed, unknown, dead, queued, held, sending or sent.");
  const auto list_name = "deliveries/" + state_text;
  std::optional<DeliveryId> before;
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor(list_name, *cursor));
    before = DeliveryId{position.uuid};
  }
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto page, outbox::list_deliveries(session, call.actor.workspace, *state, before, limit));
    TRY(const auto counts, outbox::count_unsettled(session, call.actor.workspace));
    JsonWriter out(8192);
    out.begin_object().key("items").begin_array();
    for (const auto& delivery : page.items) write_delivery(out, call, delivery);
    out.end_array().member("total", page.total).member("total_is_exact", true);
    write_counts(out, counts);
    out.key("next_cursor");
    if (page.next) {
      out.text(encode_cursor(list_name, {.uuid = page.next->uuid}));
    } else {
      out.null();
    }
    out.end_object();
    return json_response(200, out);
  });
}

Result<net::Response> render(Call& call, store::Session& session, DeliveryId id) {
  TRY(const auto delivery, outbox::find_delivery(session, call.actor.workspace, id));
  if (!delivery) return fail(ErrorKind::not_found, "no_delivery", "There is no such delivery.");
  JsonWriter out;
  write_delivery(out, call, *delivery);
  return json_response(200, out);
}

Result<net::Response> retry(Call& call) {
  TRY(const auto id, path_id<DeliveryId>(call));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY_STATUS(outbox::retry(tx, call.actor, id));
    return render(call, tx, id);
  });
}

Result<net::Response> resolve(Call& call) {
  TRY(const auto id, path_id<DeliveryId>(call));
  TRY(auto body, read_body(call));
  const auto as = body.choice("as", {"sent", "failed"});
  if (!body.has("as")) body.refuse("as", "required", "sent or failed.");
  TRY_STATUS(finish_body(call, body));
  const auto state = *as == "sent" ? outbox::DeliveryState::sent : outbox::DeliveryState::failed;
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY_STATUS(outbox::resolve(tx, call.actor, id, state));
    return render(call, tx, id);
  });
}

}  // namespace

void add_delivery_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/deliveries", .needs = {"delivery", "list"}, .act = list});
  add_route(router, api,
            {.method = "POST",
             .path = "/deliveries/{id}/retry",
             .needs = {"delivery", "retry"},
             .act = retry,
             .rate = RateClass::write});
  add_route(router, api,
            {.method = "POST",
             .path = "/deliveries/{id}/resolve",
             .needs = {"delivery", "resolve"},
             .act = resolve,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
