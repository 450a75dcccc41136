// Channels that sign in by OAuth: what is read and never read back, who connects them, and where their grants may go.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/desk_test.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

std::string text_of(const net::Response& response, std::string_view name) {
  return std::string(body_of(response).at(name).as_string());
}

struct OAuthDesk : Desk {
  net::Response write(std::string method, std::string target, std::string body) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = admin_cookie});
  }
  static std::string config(const std::string& host, const std::string& oauth, const std::string& port = "993") {
    return R"({"imap":{"host":")" + host + R"(","port":)" + port +
           R"(,"security":"tls","user":"u","sign_in":"oauth"},)" + R"("oauth":{)" + oauth + "}}";
  }
  std::string make(const std::string& secrets) {
    const auto made = write(
        "POST", "/channels",
        R"({"kind":"email","name":"M","address":"m@acme.example","config":)" + config("h", client + secrets) + "}");
    REQUIRE(made.status == 201);
    CHECK(made.body.find("hunter2") == std::string::npos);
    id = text_of(made, "id");
    return text_of(made, "state");
  }
  net::Response change(const std::string& config) {
    return write("PATCH", "/channels/" + id, R"({"config":)" + config + "}");
  }
  std::string secret(std::string_view name) { return *channels.secret(*channels.find(*ChannelId::parse(id)), name); }
  std::string state() { return std::string(to_string(channels.find(*ChannelId::parse(id))->state)); }

  const std::string client = R"("provider":"google","client_id":"c")";
  const std::string both = R"(,"client_secret":"hunter2s","refresh_token":"hunter2r")";
  std::string id;
};

TEST_CASE_FIXTURE(OAuthDesk, "a channel without a grant waits for a person from the start, and with one it does not") {
  CHECK(make("") == "needs_reauthorisation");
  CHECK(write("PATCH", "/channels/" + id, R"({"state":"active"})").status == 200);
  CHECK(state() == "needs_reauthorisation");
  CHECK(change(config("h", client + both)).status == 200);
  CHECK(state() == "active");
  CHECK(secret("oauth.refresh_token") == "hunter2r");
  CHECK(send({.target = "/channels", .cookie = admin_cookie}).body.find("hunter2") == std::string::npos);
  CHECK(change(R"({"imap":{"host":"h","user":"u","password":"p"}})").status == 200);
  CHECK(state() == "active");
  CHECK(secret("oauth.refresh_token").empty());
  CHECK(secret("oauth.client_secret").empty());
}

TEST_CASE_FIXTURE(OAuthDesk,
                  "a grant serves the server, account, provider and client that it was given for, and no other") {
  CHECK(make(both) == "active");
  CHECK(change(config("h", client)).status == 200);
  CHECK(secret("oauth.refresh_token") == "hunter2r");
  for (const auto& [host, port] : {std::pair("evil", "993"), {"h", "994"}}) {
    CHECK(change(config("h", client + both)).status == 200);
    CHECK(change(config(host, client, port)).status == 200);
    CHECK(secret("oauth.refresh_token").empty());
    CHECK(secret("oauth.client_secret") == "hunter2s");
    CHECK(state() == "needs_reauthorisation");
  }
  CHECK(change(config("h", client + both)).status == 200);
  const auto refused = change(config("h", R"("provider":"microsoft","client_id":"c")"));
  CHECK(refused.status == 422);
  CHECK(refused.body.find("config.oauth.client_secret") != std::string::npos);
  CHECK(secret("oauth.refresh_token") == "hunter2r");
  CHECK(change(config("h", R"("provider":"microsoft","client_id":"c","client_secret":"new")")).status == 200);
  CHECK(secret("oauth.refresh_token").empty());
}

TEST_CASE_FIXTURE(OAuthDesk,
                  "a provider of one's own has addresses that are https, and mistakes are said at their field") {
  for (const auto& [oauth, field] :
       {std::pair<std::string, std::string>(R"("client_id":"c")", "config.oauth.provider"),
        {R"("provider":"google")", "config.oauth.client_id"},
        {R"("provider":"other","client_id":"c","authorisation_url":"https://a","token_url":"http://a")",
         "config.oauth.token_url"},
        {R"("provider":"other","client_id":"c","token_url":"https://a")", "config.oauth.authorisation_url"}}) {
    const auto refused =
        write("POST", "/channels",
              R"({"kind":"email","name":"M","address":"m@acme.example","config":)" + config("h", oauth) + "}");
    CHECK(refused.status == 422);
    CHECK_MESSAGE(refused.body.find(field) != std::string::npos, field);
  }
}

TEST_CASE_FIXTURE(OAuthDesk, "administrators connect a channel, and who they are goes with it") {
  make("");
  auto& authorisation = const_cast<ApiConfig&>(api.context().config).authorisation;
  authorisation.redirect_url = "https://desk.example/oauth/callback";
  authorisation.begin = [&](const access::Actor& actor, ChannelId channel) -> Result<std::string> {
    CHECK(actor.user == admin.id);
    return "https://provider.example/?" + channel.text();
  };
  authorisation.finish = [&](const access::Actor& actor, auto state, auto code,
                             auto issuer) -> Result<intake::Channel> {
    CHECK(actor.user == admin.id);
    if (state != "s" || code != "c" || (!issuer.empty() && issuer != "https://login.acme.example"))
      return fail(ErrorKind::invalid, "authorisation_unknown", "No.");
    return *channels.find(*ChannelId::parse(id));
  };
  const auto target = "/channels/" + id + "/authorisation";
  CHECK(text_of(write("POST", target, ""), "url") == "https://provider.example/?" + id);
  CHECK(post(target, "").status == 403);
  const std::string brought = R"({"state":"s","code":"c"})";
  CHECK(post("/oauth/callback", brought).status == 403);
  CHECK(text_of(write("POST", "/oauth/callback", brought), "channel_id") == id);
  CHECK(write("POST", "/oauth/callback", R"({"state":"s","code":"d"})").status == 422);
  CHECK(write("POST", "/oauth/callback", R"({"state":"s","code":"c","iss":"https://other.example"})").status == 422);
  CHECK(write("POST", "/oauth/callback", R"({"state":"s"})").status == 422);
  CHECK(text_of(get("/mail-providers"), "redirect_url") == authorisation.redirect_url);
}

}  // namespace
}  // namespace answerable::http
