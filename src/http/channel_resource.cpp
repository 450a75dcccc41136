// /channels: the points of contact of a workspace. Administrators see and change everything; others learn names and
// addresses.
#include "access/authorize.h"
#include "base/random.h"
#include "http/channel_json.h"
#include "http/channel_secrets.h"
#include "http/idempotency.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = 200};
constexpr TextLimits address_limits{.bytes_min = 0, .bytes_max = 254};

struct Figures {
  std::map<ChannelId, intake::ChannelStats> stats;
  std::map<ChannelId, outbox::ChannelFigures> outbox;
};

Result<Figures> load_figures(store::Session& session, WorkspaceId workspace) {
  Figures figures;
  TRY(figures.stats, intake::channel_stats(session, workspace));
  TRY(figures.outbox, outbox::figures_by_channel(session, workspace));
  return figures;
}

ChannelView view_of(const Call& call, const intake::Channel& channel, Figures& figures) {
  return {.channel = channel,
          .stats = &figures.stats[channel.id],
          .figures = &figures.outbox[channel.id],
          .public_url = call.api.config.public_url};
}

Result<net::Response> list(Call& call) {
  const bool sees_all = access::authorize(call.actor, "channel", "update").has_value() ||
                        (call.actor.role >= access::Role::administrator && !call.actor.may_write);
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto channels, intake::list_channels(session, call.actor.workspace));
    TRY(auto figures, load_figures(session, call.actor.workspace));
    JsonWriter out(4096);
    out.begin_object().key("items").begin_array();
    for (const auto& channel : channels) {
      auto view = view_of(call, channel, figures);
      if (!sees_all) view.stats = nullptr;
      write_channel(out, view);
    }
    out.end_array().member("total", static_cast<std::int64_t>(channels.size())).member("total_is_exact", true);
    out.key("next_cursor").null().end_object();
    return json_response(200, out);
  });
}

bool has_grant(const auto& secrets) {
  for (const auto& secret : secrets)
    if (secret.first == "oauth.refresh_token") return true;
  return false;
}

struct NewChannelRequest {
  intake::NewChannel channel;
  std::string identity_secret;  // made by us
};

Result<NewChannelRequest> read_new(Call& call) {
  TRY(auto body, read_body(call));
  NewChannelRequest request;
  auto& channel = request.channel;
  channel.kind = body.choice("kind", {"email", "webchat"}).value_or("");
  if (!body.has("kind")) body.refuse("kind", "required", "email or webchat.");
  channel.name = body.need_text("name", name_limits);
  channel.address = body.text("address", address_limits).value_or("");
  if (auto config = read_channel_config(body, channel.kind)) {
    channel.config = std::move(config->json);
    channel.secrets.assign(config->secrets.begin(), config->secrets.end());
    channel.further_addresses = std::move(config->lmtp_addresses);
  }
  TRY_STATUS(finish_body(call, body));
  if (needs_authorisation(channel.config, has_grant(channel.secrets)))
    channel.state = intake::ChannelState::needs_reauthorisation;
  if (channel.kind == "webchat" && channel.secrets.empty()) {
    request.identity_secret = random_token();
    channel.secrets.emplace_back("identity_secret", request.identity_secret);
  }
  return request;
}

std::string body_of(const Call& call, const intake::Channel& channel, std::string_view secret) {
  Figures none;
  auto view = view_of(call, channel, none);
  view.new_identity_secret = secret;
  JsonWriter out;
  write_channel(out, view);
  return out.take();
}

Result<net::Response> create(Call& call) {
  TRY(const auto request, read_new(call));
  return write_once(call, [&](store::Transaction& tx) -> Result<Produced> {
    TRY(const auto channel, intake::create_channel(tx, call.api.parts.channels, call.actor, request.channel));
    return Produced{.response = json_response(201, body_of(call, channel, request.identity_secret)),
                    .body_for_repetition = body_of(call, channel, {})};
  });
}

Result<net::Response> render(Call& call, store::Session& session, const intake::Channel& channel) {
  TRY(auto figures, load_figures(session, call.actor.workspace));
  JsonWriter out;
  write_channel(out, view_of(call, channel, figures));
  return json_response(200, out);
}

Result<intake::Channel> load(Call& call, ChannelId id) {
  return call.api.database().query(
      [&](store::Session& session) { return intake::load_channel(session, call.actor.workspace, id); });
}

Result<intake::ChannelChange> read_change(Call& call, const intake::Channel& before) {
  TRY(auto body, read_body(call));
  intake::ChannelChange change;
  change.name = body.text("name", name_limits);
  change.address = body.text("address", address_limits);
  if (auto config = read_channel_config(body, before.kind, before.config)) {
    change.config = std::move(config->json);
    for (auto& [name, value] : config->secrets) change.secrets.emplace_back(name, std::move(value));
    for (auto& name : config->dropped_secrets) change.secrets.emplace_back(std::move(name), std::nullopt);
    if (before.kind == "email") change.further_addresses = std::move(config->lmtp_addresses);
  }
  if (const auto state = body.choice("state", {"active", "disabled"}))
    change.state = intake::parse_channel_state(*state);
  TRY_STATUS(finish_body(call, body));
  return change;
}

// Without a grant nobody is asked before somebody has connected the channel.
void wait_for_grant(const intake::Channel& now, const intake::Secrets& stored, intake::ChannelChange& change) {
  bool is_granted = has_grant(stored);
  for (const auto& [name, value] : change.secrets)
    if (name == "oauth.refresh_token") is_granted = value.has_value();
  const auto state = change.state.value_or(now.state);
  if (state != intake::ChannelState::disabled && needs_authorisation(change.config.value_or(now.config), is_granted))
    change.state = intake::ChannelState::needs_reauthorisation;
}

Result<net::Response> update(Call& call) {
  TRY(const auto id, path_id<ChannelId>(call));
  TRY(const auto before, load(call, id));
  TRY(const auto wanted, read_change(call, before));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    auto& directory = call.api.parts.channels;
    TRY(const auto now, intake::load_channel(tx, call.actor.workspace, id));
    auto change = wanted;
    const auto stored = directory.secrets(now).value_or(intake::Secrets{});
    call.fields = keep_secrets_home(now, stored, change);
    if (!call.fields.empty())
      return fail(ErrorKind::invalid, "fields_invalid", call.fields[0].field + ": " + call.fields[0].detail);
    wait_for_grant(now, stored, change);
    TRY(const auto channel, intake::update_channel(tx, directory, call.actor, id, change));
    return render(call, tx, channel);
  });
}

Result<net::Response> disable(Call& call) {
  TRY(const auto id, path_id<ChannelId>(call));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY(const auto channel, intake::disable_channel(tx, call.api.parts.channels, call.actor, id));
    return render(call, tx, channel);
  });
}

Result<net::Response> test(Call& call) {
  TRY(const auto id, path_id<ChannelId>(call));
  TRY(const auto channel, load(call, id));
  if (!call.api.config.test_channel)
    return fail(ErrorKind::unavailable, "test_unavailable", "This server cannot test channels.");
  const auto outcome = call.api.config.test_channel(channel);
  JsonWriter out;
  out.begin_object().member("ok", outcome.is_ok).member("detail", outcome.detail).end_object();
  return json_response(200, out);
}

}  // namespace

void add_channel_routes(net::Router& router, ApiContext& api) {
  constexpr auto write = RateClass::write;
  constexpr auto json = BodyKind::json;
  add_route(router, api, {.method = "GET", .path = "/channels", .needs = {"channel", "list"}, .act = list});
  add_route(router, api,
            {.method = "POST",
             .path = "/channels",
             .needs = {"channel", "create"},
             .act = create,
             .rate = write,
             .body = json});
  add_route(router, api,
            {.method = "PATCH",
             .path = "/channels/{id}",
             .needs = {"channel", "update"},
             .act = update,
             .rate = write,
             .body = json});
  add_route(
      router, api,
      {.method = "DELETE", .path = "/channels/{id}", .needs = {"channel", "disable"}, .act = disable, .rate = write});
  add_route(
      router, api,
      {.method = "POST", .path = "/channels/{id}/test", .needs = {"channel", "test"}, .act = test, .rate = write});
}

}  // namespace answerable::http
