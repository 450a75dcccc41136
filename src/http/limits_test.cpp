// What the agreement and a measure leave of the service: rates, files, live connections.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/desk_test.h"
#include "http/live_hub.h"
#include "policy/agreement.h"
#include "policy/entitlement.h"
#include "policy/violation.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

struct Bound : Desk {
  Bound() {
    must(database->write([](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::publish_default(tx));
      return 0;
    }));
  }
  void agree(std::vector<policy::Term> terms, policy::Entitlements entitlements = {}) {
    must(database->write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::save_agreement(tx, access::system_actor({}),
                                        {.workspace = workspace.id,
                                         .signed_at = tx.now(),
                                         .signatory = "Ada Buyer",
                                         .entitlements = std::move(entitlements),
                                         .notices = {},
                                         .terms = std::move(terms),
                                         .accepted_version = {},
                                         .accepted_at = {}}));
      return 0;
    }));
    clock.advance_ms(Standing::remembered_ms);
  }
  net::Response read_as(const std::string& cookie) { return send({.target = "/conversations", .cookie = cookie}); }
};

TEST_CASE_FIXTURE(Bound, "a term of the agreement goes before the configuration and holds for the whole workspace") {
  agree({{"fair_load", "read_per_minute", "3"}});
  CHECK(read_as(zoe_cookie).status == 200);
  CHECK(read_as(zoe_cookie).status == 200);
  const auto last = read_as(admin_cookie);
  CHECK(last.status == 200);
  CHECK(last.headers.find("RateLimit-Policy") == "\"read\";q=3;w=60, \"read_workspace\";q=3;w=60");
  CHECK(last.headers.find("RateLimit") == "\"read\";r=2;t=20, \"read_workspace\";r=0;t=60");
  const auto refused = read_as(admin_cookie);
  CHECK(refused.status == 429);
  CHECK(refused.headers.find("Retry-After") == "20");
  CHECK(body_of(refused).at("code") == "rate_limited");
  const auto other = make_workspace("Other");
  const auto elsewhere = sign_in(add("ann@other.example", access::Role::agent, other.id));
  CHECK(read_as(elsewhere).status == 200);
  clock.advance_ms(20'000);
  CHECK(read_as(zoe_cookie).status == 200);
}

TEST_CASE_FIXTURE(Bound,
                  "a feature that the agreement leaves out is refused at the act, and all are open without one named") {
  const auto code_of = [&](std::string method, std::string target, std::string body) {
    const auto answer = send({.method = method, .target = target, .body = body, .cookie = admin_cookie});
    return answer.status < 300 ? std::string() : std::string(body_of(answer).at("code").as_string());
  };
  const auto all = [&] {
    return std::vector<std::string>{code_of("POST", "/api-keys", R"({"name":"K"})"), code_of("POST", "/scim-token", ""),
                                    code_of("GET", "/search/export?q=lamp", ""),
                                    code_of("POST", "/channels", R"({"kind":"webchat","name":"C","config":{}})")};
  };
  const std::vector<std::string> none(4), refused(4, "feature_not_agreed");
  agree({}, {.features = {"email", "single_sign_on"}});
  CHECK(all() == refused);
  agree({}, {.features = {"api", "scim", "exports", "webchat"}});
  CHECK(all() == none);
  agree({});
  CHECK(all() == none);
}

TEST_CASE_FIXTURE(Bound, "a measure that limits programs limits them with its reason, and is lifted with its end") {
  agree({{"fair_load", "limited_per_minute", "2"}});
  const auto key = std::string(
      body_of(send({.method = "POST", .target = "/api-keys", .body = R"({"name":"K"})", .cookie = admin_cookie}))
          .at("secret")
          .as_string());
  const auto read = [&] { return send({.target = "/conversations", .bearer = key}); };
  for (int i = 0; i < 3; ++i) CHECK(read().status == 200);
  const auto measure = must(database->write([&](store::Transaction& tx) {
    return policy::report_violation(tx, access::system_actor(workspace.id),
                                    {.workspace = workspace.id,
                                     .clause = "fair_load",
                                     .control = "unusual_traffic",
                                     .object_kind = {},
                                     .object_id = {},
                                     .facts = "Too much at once."});
  }));
  CHECK(measure.scope == policy::Scope::api);
  clock.advance_ms(Standing::remembered_ms);
  for (int i = 0; i < 2; ++i) CHECK(read().status == 200);
  const auto refused = read();
  CHECK(refused.status == 429);
  CHECK(refused.headers.find("Retry-After") == "30");
  CHECK(std::string(body_of(refused).at("detail").as_string()).find("Too much at once.") != std::string::npos);
  CHECK(read_as(zoe_cookie).status == 200);  // people are not limited
  must(database->write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(policy::end_measure(tx, access::system_actor(workspace.id), workspace.id, measure.id, "cured"));
    return 0;
  }));
  clock.advance_ms(Standing::remembered_ms);
  for (int i = 0; i < 5; ++i) CHECK(read().status == 200);
}

TEST_CASE_FIXTURE(Bound, "a file must fit the agreement, and the administrator sees what is used") {
  agree({}, {.seats = {}, .channels = {}, .messages = {}, .storage_megabytes = 2, .attachment_megabytes = 1});
  const auto upload = [&](std::size_t bytes) {
    return send(
        {.method = "POST", .target = "/uploads?filename=a.txt", .body = std::string(bytes, 'x'), .cookie = zoe_cookie});
  };
  const auto too_large = upload(1'000'001);
  CHECK(too_large.status == 413);
  CHECK(body_of(too_large).at("code") == "attachment_too_large");
  CHECK(upload(1'000'000).status == 201);
  CHECK(upload(1'000'000).status == 201);
  const auto full = upload(1);
  CHECK(full.status == 409);
  CHECK(body_of(full).at("code") == "storage_used_up");
  const auto own = body_of(send({.target = "/policy/agreement", .cookie = admin_cookie}));
  CHECK(own.at("storage_bytes_used") == 2'000'000);
  CHECK(own.at("connections_open") == 0);
  CHECK(own.at("agreement").at("storage_megabytes") == 2);
  CHECK(own.at("agreement").at("connections").is_null());
  CHECK(receive("zoe@customer.example", "Still here.").is_new_conversation);  // what arrives is kept
}

TEST_CASE_FIXTURE(Bound, "a workspace has so many live connections, one more is refused, and others have their own") {
  auto& live = *api.context().live;
  const auto connect = [&](WorkspaceId in, std::optional<std::int64_t> most) {
    auto member = std::make_shared<LiveMember>();
    member->actor.workspace = in;
    const auto joined = live.join(member, most);
    return std::pair(member, joined ? std::string() : joined.error().code);
  };
  const auto first = connect(workspace.id, 2), second = connect(workspace.id, 2);
  CHECK(first.second == "");
  CHECK(second.second == "");
  CHECK(live.open_of(workspace.id) == 2);
  CHECK(connect(workspace.id, 2).second == "connections_used_up");
  const auto other = WorkspaceId::make(clock);
  const auto elsewhere = connect(other, 1);
  CHECK(elsewhere.second == "");
  CHECK(connect(other, 0).second == "connections_used_up");
  live.leave(first.first);
  const auto again = connect(workspace.id, 2);
  CHECK(again.second == "");
  for (const auto& one : {second.first, elsewhere.first, again.first}) live.leave(one);
  CHECK(live.open_of(workspace.id) == 0);
}

}  // namespace
}  // namespace answerable::http
