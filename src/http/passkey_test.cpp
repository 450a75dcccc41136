// Passkeys as the API has them.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "access/soft_authenticator_test.h"
#include "base/encoding.h"
#include "http/desk_test.h"
#include "http/passkey_json.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }
std::string text_of(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

std::string client_data(std::string_view type, const std::string& challenge, std::string_view origin) {
  return json::serialize(
      json::object{{"type", type},
                   {"challenge", challenge},
                   {"origin", origin},
                   {"crossOrigin", false},
                   {"other_keys_can_be_added_here", "do not compare clientDataJSON with a template"}});
}

struct KeyDesk : Desk {
  access::SoftAuthenticator phone;

  net::Response as_zoe(std::string method, std::string target, std::string body = {}) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = zoe_cookie});
  }
  net::Response add(std::string_view origin = "http://localhost:8080") {
    const auto options = body_of(as_zoe("POST", "/me/passkey-options"));
    const auto said = client_data("webauthn.create", text_of(options, "challenge"), origin);
    return as_zoe("POST", "/me/passkeys",
                  json::serialize(json::object{
                      {"name", "Phone"},
                      {"client_data", to_base64url(said)},
                      {"authenticator_data", to_base64url(phone.registration(text_of(options, "rp_id")))}}));
  }
  std::string answer(const json::object& asked) {
    ++phone.counter;
    const auto said = client_data("webauthn.get", text_of(asked, "challenge"), "http://localhost:8080");
    const auto data = phone.assertion(text_of(asked, "rp_id"));
    return json::serialize(json::object{{"credential_id", to_base64url(phone.credential_id())},
                                        {"client_data", to_base64url(said)},
                                        {"authenticator_data", to_base64url(data)},
                                        {"signature", to_base64url(phone.sign(data, sha256(said)))}});
  }
};

TEST_CASE_FIXTURE(KeyDesk, "a passkey is added, named, signs in, and is removed") {
  const auto added = body_of(add());
  CHECK(added.at("recovery_codes").as_array().size() == 10);
  const auto path = "/me/passkeys/" + text_of(added.at("passkey").as_object(), "id");
  CHECK(text_of(body_of(as_zoe("PATCH", path, R"({"name":"Work"})")), "name") == "Work");
  CHECK(body_of(get("/me/passkeys")).at("total") == 1);
  CHECK(body_of(get("/me/second-factor")).at("passkeys") == 1);
  const auto in =
      send({.method = "POST", .target = "/session/passkey", .body = answer(body_of(get("/session/passkey")))});
  REQUIRE(in.status == 200);
  CHECK(body_of(in).at("user").at("email") == "zoe@acme.example");
  CHECK(in.headers.count("Set-Cookie") == 2);
  CHECK(as_zoe("DELETE", path).status == 204);
  CHECK(as_zoe("DELETE", path).status == 404);
  const auto gone =
      send({.method = "POST", .target = "/session/passkey", .body = answer(body_of(get("/session/passkey")))});
  CHECK(gone.status == 401);
  CHECK(text_of(body_of(gone), "code") == "passkey_unknown");
}

TEST_CASE_FIXTURE(KeyDesk, "a passkey answers the question who it is, and is not added for another site") {
  CHECK(text_of(body_of(add("https://evil.example")), "code") == "passkey_refused");
  add();
  clock.advance_ms(access::confirmed_ms + 1);
  CHECK(text_of(body_of(as_zoe("POST", "/me/passkey-options")), "code") == "step_up_required");
  const auto asked = body_of(get("/session/confirm/passkey"));
  CHECK(asked.at("credential_ids").as_array().size() == 1);
  const auto answered = answer(asked);
  CHECK(as_zoe("POST", "/session/confirm/passkey", answered).status == 204);
  CHECK(as_zoe("POST", "/session/confirm/passkey", answered).status == 422);
  CHECK(as_zoe("POST", "/me/passkey-options").status == 200);
}

TEST_CASE("what a browser says about a passkey is read within its bounds, and what is unknown is ignored") {
  const auto good = client_data("webauthn.get", "abc", "https://desk.example");
  CHECK(must(read_client_data(good)).origin == "https://desk.example");
  for (const std::string bad :
       {"", "[]", "{}", R"({"type":1,"challenge":"c","origin":"o"})", R"({"type":"webauthn.get","challenge":"c"})",
        R"({"type":"webauthn.get","challenge":"c","origin":"o","crossOrigin":"no"})"})
    CHECK_MESSAGE(read_client_data(bad).error().code == "passkey_refused", bad);
  auto longest = good;
  longest.append(client_data_bytes_max - longest.size(), ' ');
  CHECK(read_client_data(longest));
  CHECK(!read_client_data(longest + " "));
}

TEST_CASE_FIXTURE(KeyDesk, "fields of a passkey are bytes in base64url, each within its bound") {
  const auto answer_with = [&](std::string_view field, const std::string& value) {
    json::object body{
        {"credential_id", "AA"}, {"client_data", "AA"}, {"authenticator_data", "AA"}, {"signature", "AA"}};
    body[field] = value;
    return send({.method = "POST", .target = "/session/passkey", .body = json::serialize(body)});
  };
  CHECK(text_of(body_of(answer_with("signature", "not base64!")), "code") == "passkey_refused");
  const auto good = to_base64url(client_data("webauthn.get", "abc", "http://localhost"));
  const auto refused = answer_with("client_data", good);
  CHECK(text_of(body_of(refused), "code") == "challenge_unknown");
  const json::object bare{{"credential_id", std::string(1'365, 'A')}, {"client_data", good}, {"signature", "AA"}};
  const auto missing = send({.method = "POST", .target = "/session/passkey", .body = json::serialize(bare)});
  CHECK(text_of(body_of(missing), "code") == "fields_invalid");
}

}  // namespace
}  // namespace answerable::http
