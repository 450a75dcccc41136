// GET /live: the WebSocket of a live screen. Small JSON messages in, frames of the hub out.
#include "access/authorize.h"
#include "http/cookies.h"
#include "http/json_reader.h"
#include "http/live_hub.h"
#include "http/origin.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

constexpr std::size_t client_message_bytes_max = 4UL << 10;
constexpr std::size_t queued_bytes_max = 8UL << 20;
constexpr int mistakes_max = 10;  // then the connection is closed

class LiveSocket final : public net::WebSocketHandler {
 public:
  LiveSocket(ApiContext& api, std::shared_ptr<LiveMember> member, std::optional<std::int64_t> connections)
      : api_(api), hub_(api.live), member_(std::move(member)), connections_(connections) {}

  void on_open(std::shared_ptr<net::WebSocket> socket) override {
    member_->socket = std::move(socket);
    const auto joined = hub_->join(member_, connections_);
    is_joined_ = joined.has_value();
    if (!is_joined_) member_->socket->close(net::close_code::try_again_later, joined.error().code);
  }

  void on_text(std::string_view text) override {
    if (!is_joined_) return;
    if (!api_.rates.take_message(member_->actor))
      return member_->socket->close(net::close_code::policy_violation, "too many messages");
    auto status = take(text);
    if (status) return;
    if (++mistakes_ >= mistakes_max)
      return member_->socket->close(net::close_code::policy_violation, "too many mistakes");
    JsonWriter out;
    out.begin_object().member("type", "error").member("code", status.error().code);
    out.member("detail", status.error().detail).end_object();
    member_->socket->send(std::make_shared<const std::string>(out.take()));
  }

  void on_close() override {
    if (is_joined_) hub_->leave(member_);
  }

 private:
  Status take(std::string_view text) {
    TRY(auto body, JsonReader::parse(text));
    const auto type = body.choice("type", {"hello", "presence", "ping"});
    if (type == "hello") return take_hello(body);
    if (type == "presence") return take_presence(body);
    if (type == "ping") {
      TRY_STATUS(body.finish());
      static const auto pong = std::make_shared<const std::string>(R"({"type":"pong"})");
      member_->socket->send(pong);
      return {};
    }
    TRY_STATUS(body.finish());
    return fail(ErrorKind::invalid, "fields_invalid", "type: hello, presence or ping.");
  }

  Status take_hello(JsonReader& body) {
    const auto after = body.integer("after", -1, std::numeric_limits<std::int64_t>::max());
    TRY_STATUS(body.finish());
    hub_->hello(member_, after.value_or(-1));
    return {};
  }

  Status take_presence(JsonReader& body) {
    constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};
    const auto id = ConversationId::parse(body.need_text("conversation", id_limits));
    auto state = body.choice("state", {"viewing", "typing", "left"});
    if (!state) body.refuse("state", "required", "This is needed.");
    if (!id) body.refuse("conversation", "not_allowed", "An id has the form of a UUID.");
    TRY_STATUS(body.finish());
    if (member_->actor.kind == access::Actor::Kind::user) hub_->member_presence(member_, *id, *std::move(state));
    return {};
  }

  ApiContext& api_;
  std::shared_ptr<LiveHub> hub_;
  std::shared_ptr<LiveMember> member_;
  const std::optional<std::int64_t> connections_;
  bool is_joined_ = false;
  int mistakes_ = 0;
};

Result<std::unique_ptr<net::WebSocketHandler>> open_socket(ApiContext& api, const net::Request& request) {
  TRY_STATUS(check_websocket_origin(request, api.config));
  Call call{.api = api, .request = request};
  const auto admission = admit(call, {.needs = {"event", "read"}, .path = "/live"});
  TRY_STATUS(admission.status);
  const auto connections = admission.allowance->connections;
  TRY_STATUS(policy::judge_connection(connections, static_cast<std::size_t>(api.live->open_of(call.actor.workspace))));
  auto member = std::make_shared<LiveMember>();
  member->actor = call.actor;
  member->credential = call.token;
  if (call.actor.kind == access::Actor::Kind::api_key) {
    constexpr std::size_t scheme_size = std::string_view("Bearer ").size();
    member->credential = request.header("Authorization").value_or("").substr(scheme_size);
  }
  return std::unique_ptr<net::WebSocketHandler>(std::make_unique<LiveSocket>(api, std::move(member), connections));
}

}  // namespace

void add_live_routes(net::Router& router, ApiContext& api) {
  router.add_websocket("/api/v1/live", [&api](const net::Request& request) { return open_socket(api, request); },
                       {.max_message_bytes = client_message_bytes_max, .max_queued_bytes = queued_bytes_max});
}

}  // namespace answerable::http
