// Rules on content and reviews, as the API has them.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <set>

#include "http/desk_test.h"
#include "policy/finding.h"

namespace answerable::http {
namespace {

boost::json::object body_of(const net::Response& response) {
  return boost::json::parse(response.content()).as_object();
}

struct Rules : Desk {
  net::Response as_admin(std::string method, std::string target, std::string body = {}) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = admin_cookie});
  }
  net::Response rule(const std::string& action) {
    return as_admin(
        "POST", "/content-rules",
        R"({"name":"Games","kind":"words","direction":"both","values":["lottery"],"action":")" + action + R"("})");
  }
  net::Response reply(const std::string& text, const std::string& more = {}) {
    return post("/conversations/" + conversation + "/messages",
                R"({"kind":"reply","text":")" + text + "\"" + more + "}");
  }
  std::string conversation = receive("kim@customer.example", "Hello?").conversation.text();
};

TEST_CASE_FIXTURE(Rules, "an administrator makes, tries, changes and deletes a rule; it states its hits") {
  const auto made = rule("note");
  REQUIRE(made.status == 201);
  const auto path = "/content-rules/" + std::string(body_of(made).at("id").as_string());
  CHECK(reply("The lottery").status == 201);
  const auto listed = body_of(as_admin("GET", "/content-rules"));
  CHECK(listed.at("total") == 1);
  CHECK(listed.at("items").at(0).at("hits") == 1);
  const auto tried = as_admin("POST", "/content-rules/try",
                              R"({"rule":{"name":"x","kind":"pattern","direction":"both","action":"note",)"
                              R"("values":["[0-9]{3}"]},"example":"abc 123"})");
  CHECK(body_of(tried).at("matches") == true);
  CHECK(body_of(tried).at("excerpt") == "abc 123");
  const auto bad = as_admin("POST", "/content-rules/try",
                            R"({"rule":{"name":"x","kind":"pattern","direction":"both","action":"note",)"
                            R"("values":["("]},"example":""})");
  CHECK(bad.status == 422);
  CHECK(body_of(bad).at("code") == "bad_pattern");
  const auto changed = as_admin("PUT", path,
                                R"({"name":"Off","kind":"words","direction":"both","action":"note","active":false,)"
                                R"("values":["lottery"]})");
  CHECK(body_of(changed).at("active") == false);
  CHECK(as_admin("DELETE", path).status == 204);
  CHECK(as_admin("DELETE", path).status == 404);
}

TEST_CASE_FIXTURE(Rules, "text files that leave are judged: with a reply, with a new conversation, with a forward") {
  CHECK(rule("refuse").status == 201);
  const auto upload = [&] {
    const auto made = send({.method = "POST",
                            .target = "/uploads?filename=a.txt&content_type=x/y",
                            .body = "The lottery",
                            .cookie = zoe_cookie});
    return std::string(body_of(made).at("id").as_string());
  };
  const auto answer = reply("See the file.", R"(,"attachments":[")" + upload() + R"("])");
  CHECK(answer.status == 403);
  CHECK(body_of(answer).at("code") == "content_refused");
  const auto begun = post("/conversations", R"({"channel_id":")" + mail.id.text() +
                                                R"(","to":"new@customer.example","subject":"x","text":"y",)" +
                                                R"("attachments":[")" + upload() + R"("]})");
  CHECK(begun.status == 403);
  CHECK(reply("Without a file.").status == 201);
}

TEST_CASE_FIXTURE(Rules,
                  "an agent reports a message, a conversation, a channel or a colleague: the operator sees which") {
  const auto sent = body_of(reply("Hello."));
  const auto message = std::string(sent.at("id").as_string());
  const std::string said = R"({"reason":"An insult."})";
  CHECK(post("/messages/" + message + "/report", said).status == 204);
  CHECK(post("/conversations/" + conversation + "/report", said).status == 204);
  CHECK(post("/channels/" + mail.id.text() + "/report", said).status == 204);
  CHECK(post("/users/" + zoe.id.text() + "/report", said).status == 204);
  CHECK(post("/messages/" + conversation + "/report", said).status == 404);
  CHECK(post("/messages/" + message + "/report", R"({"reason":""})").status == 422);
  const std::string longest(1'000, 'x');
  CHECK(post("/messages/" + message + "/report", R"({"reason":")" + longest + R"("})").status == 204);
  CHECK(post("/messages/" + message + "/report", R"({"reason":"x)" + longest + R"("})").status == 422);
  const auto listed =
      database->query([&](store::Session& session) { return policy::findings(session, access::system_actor({})); });
  REQUIRE(listed);
  REQUIRE(listed->items.size() == 4);
  std::set<std::string> subjects;
  for (const auto& one : listed->items) subjects.insert(one.subject_kind + " " + one.subject);
  CHECK(subjects == std::set<std::string>{"message " + message, "conversation " + conversation,
                                          "channel " + mail.id.text(), "user " + zoe.id.text()});
}

TEST_CASE_FIXTURE(Rules, "a reply is warned of, confirmed, and shows what was found; a refused one is counted") {
  CHECK(rule("warn").status == 201);
  const auto warned = reply("The lottery");
  CHECK(warned.status == 409);
  CHECK(body_of(warned).at("code") == "content_warning");
  const auto sent = reply("The lottery", R"(,"confirm_warnings":true)");
  REQUIRE(sent.status == 201);
  CHECK(body_of(sent).at("findings").at(0).at("rule") == "Games");
  CHECK(body_of(sent).at("withheld").is_null());
  CHECK(rule("refuse").status == 201);
  CHECK(reply("The lottery", R"(,"confirm_warnings":true)").status == 403);
  const auto items = body_of(as_admin("GET", "/content-rules")).at("items").as_array();
  CHECK(items.at(1).at("hits") == 1);
}

TEST_CASE_FIXTURE(Rules, "a supervisor decides what waits") {
  CHECK(rule("hold").status == 201);
  const auto held = body_of(reply("The lottery"));
  CHECK(held.at("state") == "held");
  CHECK(get("/reviews").status == 403);
  const auto list = body_of(as_admin("GET", "/reviews"));
  REQUIRE(list.at("total") == 1);
  CHECK(list.at("items").at(0).at("text") == "The lottery");
  const auto path = "/reviews/" + std::string(held.at("id").as_string()) + "/decide";
  CHECK(as_admin("POST", path, R"({"outcome":"rejected"})").status == 422);
  CHECK(as_admin("POST", path, R"({"outcome":"rejected","reason":"No."})").status == 204);
  CHECK(as_admin("POST", path, R"({"outcome":"released"})").status == 409);
}

std::string mark_of(const net::Response& page) {
  const std::string text(page.content());
  const auto at = text.find("name=\"mark\" value=\"") + 19;
  return text.substr(at, text.find('"', at) - at);
}

TEST_CASE_FIXTURE(Rules, "a third party complains without signing in, follows it by the link, and reads the decision") {
  const auto page = send({.target = "//report", .headers = {{"Accept-Language", "fr"}}});
  CHECK(page.status == 200);
  CHECK(page.content().find("Signaler un contenu") != std::string::npos);
  const auto fill = [&](const std::string& mark) {
    return send({.method = "POST",
                 .target = "//report",
                 .body = "mark=" + mark + "&address=eve%40rights.example&object=A+mail&text=Mine+%3Cb%3E&faith=yes"});
  };
  CHECK(fill("1.00").status == 422);
  const auto stale = mark_of(page);
  clock.advance_ms(2LL * 3'600'000);
  CHECK(fill(stale).status == 422);
  const auto mark = mark_of(send({.target = "//report"}));
  const auto incomplete = send({.method = "POST", .target = "//report", .body = "mark=" + mark + "&text=%3Cb%3E"});
  CHECK(incomplete.status == 422);
  CHECK(incomplete.content().find("&lt;b&gt;") != std::string::npos);
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"address=eve&object=A&text=B&faith=yes", "Écrivez une adresse de courriel"},
      {"address=eve%40rights.example&text=B&faith=yes", "Dites de quoi il s’agit"},
      {"address=eve%40rights.example&object=A&faith=yes", "Dites pourquoi"},
      {"address=eve%40rights.example&object=A&text=B", "Confirmez que ce que vous écrivez est exact"},
      {"name=" + std::string(201, 'x') + "&address=eve%40rights.example&object=A&text=B&faith=yes", "Votre nom tient"}};
  for (const auto& [fields, sentence] : wrong) {
    CAPTURE(sentence);
    const auto answer = send({.method = "POST", .target = "//report?lang=fr", .body = "mark=" + mark + "&" + fields});
    CHECK(answer.status == 422);
    CHECK(answer.content().contains("id=\"problem\"><strong>" + sentence));
    CHECK(answer.content().contains("aria-invalid=\"true\" aria-describedby=\"problem\""));
  }
  const auto taken = fill(mark);
  CHECK(taken.status == 200);
  CHECK(taken.content().contains("a mail with a link to this page"));
  const auto link = must(database->query([](store::Session& session) -> Result<std::string> {
    TRY(const auto found, session.find("select body from policy_notices", {}, [](const store::Row& row) {
      const auto text = row.string(0);
      const auto at = text.find("/report/");
      return text.substr(at, text.find('\n', at) - at);
    }));
    return found.value_or("");
  }));
  CHECK(send({.target = "/" + link}).content().find("It waits") != std::string::npos);
  const auto unknown = send({.target = "//report/unknown?lang=fr"});
  CHECK(unknown.status == 404);
  CHECK(unknown.content().contains("<h1>Cette page n’existe pas.</h1>"));
  const auto op = sign_in(add("op@host.example", access::Role::operator_));
  const auto list = body_of(send({.target = "/oversight/complaints", .cookie = op}));
  REQUIRE(list.at("total") == 1);
  const auto path = "/oversight/complaints/" + std::string(list.at("items").at(0).at("id").as_string()) + "/decide";
  CHECK(send({.method = "POST",
              .target = path,
              .body = R"({"outcome":"nothing","reasons":"It is no picture."})",
              .cookie = op})
            .status == 200);
  CHECK(send({.target = "/" + link}).content().find("It is no picture.") != std::string::npos);
}

TEST_CASE_FIXTURE(Rules, "an administrator takes a message down and puts it back") {
  const auto sent = body_of(reply("Something"));
  const auto path = "/messages/" + std::string(sent.at("id").as_string()) + "/removal";
  CHECK(send({.method = "PUT", .target = path, .body = R"({"reason":"x"})", .cookie = zoe_cookie}).status == 403);
  CHECK(as_admin("PUT", path, R"({"reason":"A court said so."})").status == 204);
  const auto shown = [&] {
    return body_of(get("/conversations/" + conversation)).at("messages").as_array().back().as_object();
  };
  CHECK(shown().at("withheld") == "removed");
  CHECK(shown().at("text") == "");
  CHECK(as_admin("DELETE", path).status == 204);
  CHECK(shown().at("text") == "Something");
}

}  // namespace
}  // namespace answerable::http
