// For the generated tests of who may do what: one thing of each kind.
#pragma once

#include <map>
#include <string>

#include "access/known_device.h"
#include "access/passkey.h"
#include "access/report_exposed.h"
#include "access/soft_authenticator_test.h"
#include "http/desk_test.h"
#include "http/operations_test.h"
#include "policy/violation.h"

namespace answerable::http {

// Whoever tries every door is slowed down (watch.h): not here.
struct OpenDesk : Desk {
  static ApiConfig patient() {
    ApiConfig config;
    config.attempts_patience = 1'000;
    return config;
  }
  OpenDesk() : Desk(patient()) {}
};

inline json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

inline policy::MeasureId measure_of(Desk& desk) {
  return must(desk.database->write([&](store::Transaction& tx) -> Result<policy::MeasureId> {
    TRY_STATUS(policy::publish_default(tx));
    TRY(const auto measure, policy::report_violation(tx, access::system_actor(desk.workspace.id),
                                                     {.workspace = desk.workspace.id,
                                                      .clause = "no_bulk",
                                                      .control = "report",
                                                      .object_kind = {},
                                                      .object_id = {},
                                                      .facts = "Fifty times the same."}));
    return measure.id;
  }));
}

inline std::string passkey_of(Desk& desk) {
  const auto& config = desk.api.context().config;
  const auto party = access::relying_party(config.public_url);
  const auto me = access::AccessFixture::actor_of(desk.zoe);
  const access::SoftAuthenticator phone;
  access::NewPasskey given{.name = "Phone", .client = {}, .authenticator_data = phone.registration(party.id)};
  given.client.type = "webauthn.create";
  given.client.challenge = access::challenge_to_add_passkey(config.second_factor_key, me, desk.clock.now());
  given.client.origin = "http://localhost";
  return must(desk.database->write([&](store::Transaction& tx) {
           return access::add_passkey(tx, party, config.second_factor_key, me, given);
         }))
      .passkey.id.text();
}

// One thing of each kind in the first workspace, by the path under which it is found.
inline std::map<std::string, std::string> things_of(Desk& desk) {
  std::map<std::string, std::string> things;
  const auto arrived = desk.receive("kim@customer.example", "Hello?");
  const auto id = arrived.conversation.text();
  const auto reply = body_of(desk.post("/conversations/" + id + "/messages", R"({"text":"Yes","kind":"reply"})"));
  const auto open = body_of(desk.get("/conversations/" + id));
  Sent upload{.method = "POST", .target = "/uploads?filename=a.txt", .body = "bytes", .cookie = desk.zoe_cookie};
  const auto key = body_of(
      desk.send({.method = "POST", .target = "/api-keys", .body = R"({"name":"K"})", .cookie = desk.admin_cookie}));
  const auto queued = body_of(desk.send({.target = "/deliveries?state=queued", .cookie = desk.admin_cookie}));
  const auto sessions = body_of(desk.get("/sessions"));
  things["/conversations/{id}"] = id;
  things["/messages/{id}"] = reply.at("id").as_string();
  things["/contacts/{id}"] = open.at("contact").at("id").as_string();
  things["/attachments/{id}"] = body_of(desk.send(upload)).at("id").as_string();
  things["/users/{id}"] = desk.zoe.id.text();
  things["/api-keys/{id}"] = key.at("api_key").at("id").as_string();
  things["/applications/{id}"] = key.at("api_key").at("application").as_string();
  things["/channels/{id}"] = desk.mail.id.text();
  things["/deliveries/{id}"] = queued.at("items").at(0).at("id").as_string();
  things["/sessions/{id}"] = sessions.at("items").at(0).at("id").as_string();
  const auto device = must(desk.database->write([&](store::Transaction& tx) {
    return access::remember_device(tx, desk.zoe.id, {.token = {}, .user_agent = "Test", .address = "::1"});
  }));
  things["/devices/{id}"] =
      access::DeviceId::from_bytes(std::string_view(access::device_hash(device)).substr(0, 16)).text();
  things["/me/passkeys/{id}"] = passkey_of(desk);
  desk.zoe_cookie = desk.sign_in(desk.zoe);  // her other sessions ended with it
  things["/policy/measures/{id}"] = measure_of(desk).text();
  const auto ivy = desk.add("ivy@acme.example", access::Role::agent);
  things["/incidents/{id}"] =
      must(desk.database->write([&](store::Transaction& tx) {
        return access::report_exposed(tx, "", access::AccessFixture::actor_of(desk.admin), ivy.id);
      })).text();
  things["/roles/{id}"] = body_of(desk.send({.method = "POST",
                                             .target = "/roles",
                                             .body = R"({"name":"Half","permissions":["tag:list"]})",
                                             .cookie = desk.admin_cookie}))
                              .at("id")
                              .as_string();
  const auto rule = body_of(desk.send({.method = "POST",
                                       .target = "/content-rules",
                                       .body = R"({"name":"R","kind":"words","direction":"both","action":"hold",)"
                                               R"("values":["lottery"]})",
                                       .cookie = desk.admin_cookie}));
  things["/content-rules/{id}"] = rule.at("id").as_string();
  const auto held = body_of(desk.post("/conversations/" + id + "/messages", R"({"text":"lottery","kind":"reply"})"));
  things["/reviews/{id}"] = held.at("id").as_string();
  things["/quarantine/{id}"] = desk.quarantine("From: x").text();
  return things;
}

}  // namespace answerable::http
