#include "net/webhook_signature.h"

#include <doctest/doctest.h>

using namespace answerable;
using net::sign_webhook;
using net::WebhookCall;

// The values were computed with openssl dgst -hmac, those with a source named are published there.

TEST_CASE("schemes that sign the body") {
  // docs.github.com, "Validating webhook deliveries".
  CHECK(sign_webhook("github", {.secret = "It's a Secret to Everybody", .body = "Hello, World!"}) ==
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  WebhookCall call{.secret = "key", .body = "The quick brown fox jumps over the lazy dog"};
  constexpr auto sha256 = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";
  constexpr auto sha256_base64 = "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=";
  constexpr auto sha1 = "sha1=de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9";
  for (auto scheme : {"meta", "whatsapp", "WhatsApp Cloud", "messenger", "instagram", "discourse", "github_sha256"})
    CHECK(sign_webhook(scheme, call) == std::string("sha256=") + sha256);
  CHECK(sign_webhook("viber", call) == sha256);
  for (auto scheme : {"line", "LINE", "shopify"}) CHECK(sign_webhook(scheme, call) == sha256_base64);
  CHECK(sign_webhook("x", call) == std::string("sha256=") + sha256_base64);
  for (auto scheme : {"github-sha1", "intercom"}) CHECK(sign_webhook(scheme, call) == sha1);
  CHECK(sign_webhook("telegram", call) == "key");
}

TEST_CASE("schemes that sign the time with the body") {
  // standard-webhooks 1.0, the vector of its libraries.
  WebhookCall standard{.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                       .body = "{\"test\": 2432232314}",
                       .timestamp = "1614265330",
                       .id = "msg_p5jXN8AQM9LWM0D4loKWxJek"};
  constexpr auto signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  CHECK(sign_webhook("standard-webhooks", standard) == signature);
  CHECK(sign_webhook("Standard Webhooks", standard) == signature);
  standard.secret = standard.secret.substr(6);
  CHECK(sign_webhook("svix", standard) == signature);
  for (auto secret : {"", "whsec_", "whsec_%%%%"}) {
    standard.secret = secret;
    CHECK(sign_webhook("svix", standard).error().code == "webhook_secret");
  }
  // api.slack.com, "Verifying requests from Slack".
  CHECK(sign_webhook("slack",
                     {.secret = "8f742231b10e8888abcd99yyyzzz85a5",
                      .body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
                              "G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-"
                              "collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%"
                              "2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
                              "803a0bc887a14d10d2c447fce8b6703c",
                      .timestamp = "1531420618"}) ==
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
  WebhookCall call{.secret = "key", .body = "body", .timestamp = "12", .id = "34"};
  CHECK(sign_webhook("stripe", call) == "t=12,v1=207315d59098aa7f7eda7f2b5ea2bb7fde0990a5248266262dc02564b4a4efe7");
  CHECK(sign_webhook("zendesk", call) == "qZ4djPNw/5WssNbzvtyuVuJ7UDRD9TzmIcbZS9HSiRY=");
  CHECK(sign_webhook("mailgun", call) == "280ed91eee6eb96a2b1cf598843c1308e84623d14e4208d96c20f7e2de81315e");
}

TEST_CASE("Twilio signs the URL and the form, sorted") {
  // twilio.com/docs/usage/security
  WebhookCall call{.secret = "12345", .url = "https://mycompany.com/myapp.php?foo=1&bar=2"};
  call.params = {{"Digits", "1234"},
                 {"To", "+18005551212"},
                 {"From", "+14158675310"},
                 {"Caller", "+14158675310"},
                 {"CallSid", "CA1234567890ABCDE"}};
  CHECK(sign_webhook("twilio", call) == "GvWf1cFY/Q7PnoempGyD5oXAezc=");
  call.params.emplace_back("Digits", "1234");
  CHECK(sign_webhook("twilio", call) == "GvWf1cFY/Q7PnoempGyD5oXAezc=");
  call.params.clear();
  CHECK(sign_webhook("twilio", call) == "zYQTYrRWXE7LtzbG4PfP7/bkkGo=");
}

TEST_CASE("a scheme that is not known is refused by name") {
  CHECK(sign_webhook("carrier-pigeon", {}).error().code == "webhook_scheme");
  CHECK(sign_webhook("", {}).error().code == "webhook_scheme");
}
