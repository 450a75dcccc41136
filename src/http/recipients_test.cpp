// Recipients as a request names them, forwarding and folding through the API.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/desk_test.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

std::string list_of(std::size_t count, const std::string& name) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "\"" : ",\"") + name + std::to_string(i) + "@x.example\"";
  return "[" + list + "]";
}

TEST_CASE_FIXTURE(Desk, "to, cc and bcc are named once each, and what is wrong with them is said by name") {
  const auto target = "/conversations/" + receive("kim@customer.example", "Hello?").conversation.text() + "/messages";
  const auto sent = body_of(post(target, R"({"text":"x","to":["kim@Customer.example","lee@x.example"],
    "cc":["LEE@x.example","moe@x.example"],"bcc":["moe@x.example","ned@x.example"]})"));
  CHECK(sent.at("to") == json::array{"kim@customer.example", "lee@x.example"});
  CHECK(sent.at("cc") == json::array{"moe@x.example"});
  CHECK(sent.at("bcc") == json::array{"ned@x.example"});
  CHECK(sent.at("third_party") == false);
  const auto wrong = body_of(post(target, R"({"text":"x","cc":["bob"],"bcc":["Help+abc@acme.example"]})"));
  CHECK(wrong.at("errors").at(0).at("field") == "cc");
  CHECK(std::string_view(wrong.at("errors").at(0).at("detail").as_string()).starts_with("“bob” is not"));
  CHECK(wrong.at("errors").at(1).at("code") == "own_address");
  const auto ninety_nine = list_of(99, "c");
  CHECK(post(target, R"({"text":"x","cc":)" + ninety_nine + "}").status == 201);
  CHECK(body_of(post(target, R"({"text":"x","cc":)" + ninety_nine + R"(,"bcc":["b@x.example"]})")).at("code") ==
        "too_many_recipients");
  CHECK(post(target, R"({"text":"x","cc":)" + list_of(101, "c") + "}").status == 422);
  CHECK(body_of(get("/session")).at("workspace").at("mail_addresses") == json::array{"help@acme.example"});
}

TEST_CASE_FIXTURE(Desk, "a message is passed on once for one key, and says what it passes on") {
  const auto arrived = receive("kim@customer.example", "It does not light.");
  Sent pass_on{.method = "POST",
               .target = "/messages/" + arrived.message.text() + "/forward",
               .body = R"({"to":["maker@x.example"],"text":"Help?"})",
               .cookie = zoe_cookie,
               .headers = {{"Idempotency-Key", "k1"}}};
  const auto first = body_of(send(pass_on));
  CHECK(first.at("kind") == "forward");
  CHECK(std::string_view(first.at("forwarded_message_id").as_string()) == arrived.message.text());
  CHECK(first.at("third_party") == true);
  CHECK(first.at("reply_text") == "Help?");
  CHECK(first.at("undo_until").is_string());
  CHECK(body_of(send(pass_on)).at("id") == first.at("id"));
  pass_on.headers.clear();
  pass_on.body = R"({"to":[]})";
  CHECK(body_of(send(pass_on)).at("errors").at(0).at("field") == "to");
  pass_on.body = R"({"to":["kim@customer.example"]})";
  CHECK(body_of(send(pass_on)).at("code") == "recipient_takes_part");
}

TEST_CASE_FIXTURE(Desk, "what of a message is shown is said by lines, or null, and not left out") {
  const auto arrived = receive("kim@customer.example", "One\n\nTwo");
  Sent fold{.method = "PUT",
            .target = "/messages/" + arrived.message.text() + "/folding",
            .body = R"({"shown_lines":1})",
            .cookie = zoe_cookie};
  CHECK(body_of(send(fold)).at("reply_text") == "One");
  fold.body = R"({"shown_lines":null})";
  CHECK(body_of(send(fold)).at("shown_lines").is_null());
  fold.body = "{}";
  CHECK(body_of(send(fold)).at("errors").at(0).at("field") == "shown_lines");
  fold.body = R"({"shown_lines":4})";
  CHECK(body_of(send(fold)).at("code") == "bad_shown_lines");
  const auto open = body_of(get("/conversations/" + arrived.conversation.text()));
  CHECK(open.at("contact_shows_quotes") == false);
}

}  // namespace
}  // namespace answerable::http
