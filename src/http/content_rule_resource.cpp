// /content-rules and /oversight/content-rules: the rules of a workspace, and the operator's for all of them.
#include "access/authorize.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/content_rules.h"

namespace answerable::http {
namespace {

constexpr std::size_t rule_body_max = 128UL << 10;
constexpr std::size_t example_bytes_max = 64UL << 10;
constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = policy::content_name_bytes_max};
constexpr TextLimits clause_limits{.bytes_min = 0, .bytes_max = 64};
constexpr TextLimits value_limits{.bytes_min = 1, .bytes_max = policy::content_value_bytes_max};
constexpr TextLimits channel_limits{.bytes_min = 1, .bytes_max = 64};
constexpr TextLimits sender_limits{.bytes_min = 0, .bytes_max = 320};
constexpr TextLimits example_limits{.bytes_min = 0, .bytes_max = example_bytes_max};

// Whose rules: the caller's workspace's, or the operator's.
enum class Owner : std::uint8_t { workspace, operator_ };

WorkspaceId owner_of(const Call& call, Owner owner) {
  return owner == Owner::operator_ ? WorkspaceId{} : call.actor.workspace;
}

void write_rule(JsonWriter& out, const policy::CountedRule& counted) {
  const auto& rule = counted.rule;
  out.begin_object().member("id", rule.id).member("name", rule.name).text_or_null("clause", rule.clause);
  out.member("kind", to_string(rule.kind)).member("direction", to_string(rule.way));
  out.member("action", to_string(rule.action)).member("active", rule.is_active);
  out.key("channels").begin_array();
  for (const auto& one : rule.channels) out.text(one);
  out.end_array().key("values").begin_array();
  for (const auto& one : rule.values) out.text(one);
  out.end_array().member("hits", counted.hits).member("last_hit_at", counted.last_hit_at).end_object();
}

policy::ContentRule read_rule(JsonReader& body, WorkspaceId owner) {
  policy::ContentRule rule{.workspace = owner, .name = body.need_text("name", name_limits)};
  rule.clause = body.text("clause", clause_limits).value_or("");
  const auto kind = body.choice("kind", {"words", "pattern", "links", "impersonation", "reply_elsewhere",
                                         "card_numbers", "secrets", "identical"});
  const auto way = body.choice("direction", {"inbound", "outbound", "both"});
  const auto action = body.choice("action", {"note", "warn", "hold", "refuse"});
  if (!kind) body.refuse("kind", "required", "This is needed.");
  if (!way) body.refuse("direction", "required", "This is needed.");
  if (!action) body.refuse("action", "required", "This is needed.");
  rule.kind = policy::parse_content_kind(kind.value_or("words")).value_or(policy::ContentKind::words);
  rule.way = policy::parse_content_way(way.value_or("both")).value_or(policy::ContentWay::both);
  rule.action = policy::parse_content_action(action.value_or("note")).value_or(policy::ContentAction::note);
  rule.channels = body.texts("channels", channel_limits, policy::content_channels_max).value_or(rule.channels);
  rule.values = body.texts("values", value_limits, policy::content_values_max).value_or(rule.values);
  rule.is_active = body.flag("active").value_or(true);
  return rule;
}

Act list(Owner owner) {
  return [owner](Call& call) -> Result<net::Response> {
    TRY_STATUS(check_query(call, {}));
    TRY(const auto rules, call.api.database().query([&](store::Session& session) {
      return policy::content_rules(session, owner_of(call, owner));
    }));
    JsonWriter out(4096);
    out.begin_object().key("items").begin_array();
    for (const auto& one : rules) write_rule(out, one);
    out.end_array().member("total", static_cast<std::int64_t>(rules.size())).member("total_is_exact", true);
    out.key("next_cursor").null().end_object();
    return json_response(200, out);
  };
}

Result<net::Response> save(Call& call, const policy::ContentRule& rule, int status) {
  TRY(const auto saved, call.api.database().write(
                            [&](store::Transaction& tx) { return policy::save_content_rule(tx, call.actor, rule); }));
  JsonWriter out;
  write_rule(out, {.rule = saved});
  return json_response(status, out);
}

Act create(Owner owner) {
  return [owner](Call& call) -> Result<net::Response> {
    TRY(auto body, read_body(call));
    const auto rule = read_rule(body, owner_of(call, owner));
    TRY_STATUS(finish_body(call, body));
    return save(call, rule, 201);
  };
}

Act change(Owner owner) {
  return [owner](Call& call) -> Result<net::Response> {
    TRY(const auto id, path_id<policy::ContentRuleId>(call));
    TRY(auto body, read_body(call));
    auto rule = read_rule(body, owner_of(call, owner));
    rule.id = id;
    TRY_STATUS(finish_body(call, body));
    return save(call, rule, 200);
  };
}

Act remove(Owner owner) {
  return [owner](Call& call) -> Result<net::Response> {
    TRY(const auto id, path_id<policy::ContentRuleId>(call));
    TRY_STATUS(call.api.database().write([&](store::Transaction& tx) {
      return policy::delete_content_rule(tx, call.actor, owner_of(call, owner), id);
    }));
    return no_content();
  };
}

// {"rule": {…}, "example": "text", "sender_name": …, "sender_address": …}: what it finds there; nothing is kept.
Act try_it(Owner owner) {
  return [owner](Call& call) -> Result<net::Response> {
    TRY(auto body, read_body(call));
    policy::ContentRule rule;
    if (auto given = body.object("rule")) {
      rule = read_rule(*given, owner_of(call, owner));
      body.absorb("rule", *given);
    } else {
      body.refuse("rule", "required", "This is needed.");
    }
    const auto example = body.text("example", example_limits).value_or("");
    const auto name = body.text("sender_name", sender_limits).value_or("");
    const auto address = body.text("sender_address", sender_limits).value_or("");
    TRY_STATUS(finish_body(call, body));
    const auto channel = rule.channels.empty() ? std::string("email") : rule.channels.front();
    const policy::Content content{.is_outbound = rule.way != policy::ContentWay::inbound,
                                  .channel_kind = channel,
                                  .text = example,
                                  .from_name = name,
                                  .from_address = address,
                                  .reply_to = {example}};
    policy::OwnSenders own;
    own.add_name(call.actor.name);
    TRY(const auto found, policy::try_content_rule(rule, content, own));
    JsonWriter out;
    out.begin_object().member("matches", found.has_value()).member("excerpt", found).end_object();
    return json_response(200, out);
  };
}

}  // namespace

void add_content_rule_routes(net::Router& router, ApiContext& api) {
  const auto add = [&](std::string_view method, std::string_view path, Needs needs, Act act) {
    const bool has_body = method == "POST" || method == "PUT";
    add_route(router, api,
              {.method = method,
               .path = path,
               .needs = needs,
               .act = std::move(act),
               .rate = method == "GET" ? RateClass::read : RateClass::write,
               .body = has_body ? BodyKind::json : BodyKind::none,
               .body_bytes_max = rule_body_max});
  };
  add("GET", "/content-rules", {"content_rule", "list"}, list(Owner::workspace));
  add("POST", "/content-rules", {"content_rule", "change"}, create(Owner::workspace));
  add("PUT", "/content-rules/{id}", {"content_rule", "change"}, change(Owner::workspace));
  add("DELETE", "/content-rules/{id}", {"content_rule", "change"}, remove(Owner::workspace));
  add("POST", "/content-rules/try", {"content_rule", "change"}, try_it(Owner::workspace));
  add("GET", "/oversight/content-rules", {"oversight", "read"}, list(Owner::operator_));
  add("POST", "/oversight/content-rules", {"oversight", "publish"}, create(Owner::operator_));
  add("PUT", "/oversight/content-rules/{id}", {"oversight", "publish"}, change(Owner::operator_));
  add("DELETE", "/oversight/content-rules/{id}", {"oversight", "publish"}, remove(Owner::operator_));
  add("POST", "/oversight/content-rules/try", {"oversight", "publish"}, try_it(Owner::operator_));
}

}  // namespace answerable::http
