// JSON in and out, cursors, rates, problems, origins, headers of downloads: the values of this folder.
#include <doctest/doctest.h>

#include "http/attachment_headers.h"
#include "http/cursor.h"
#include "http/json_reader.h"
#include "http/json_writer.h"
#include "http/origin.h"
#include "http/problem.h"
#include "http/rate_limit.h"

namespace answerable::http {
namespace {

constexpr TextLimits ten{.bytes_min = 1, .bytes_max = 10};

std::string first_error(JsonReader& body) {
  if (body.finish()) return {};
  const auto errors = body.take_errors();
  return errors.front().field + " " + errors.front().code;
}

JsonReader read(std::string_view text) {
  auto body = JsonReader::parse(text);
  REQUIRE(body);
  return *std::move(body);
}

TEST_CASE("JSON is written with every character that needs it escaped") {
  JsonWriter out;
  out.begin_object().member("a", "\"\\\b\f\n\r\t\x01\x7f é").member("n", std::int64_t{-9'223'372'036'854'775'807 - 1});
  out.key("list").begin_array().flag(true).null().begin_object().end_object().end_array().end_object();
  CHECK(out.view() ==
        "{\"a\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f é\",\"n\":-9223372036854775808,\"list\":[true,null,{}]}");
}

TEST_CASE("only one JSON object of at most 16 levels is a body") {
  for (const auto* text : {"", "[]", "1", "null", "{", "{}x", "{} {}", "{\"a\":}", "{\"a\":1,}", "\xff\xfe",
                           "{\"a\":\"\xc3\"}", "{'a':1}", "{\"a\":01}"})
    CHECK_MESSAGE(JsonReader::parse(text).error().code == "bad_json", text);
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  CHECK(JsonReader::parse(nested(JsonReader::depth_max)));
  CHECK(JsonReader::parse(nested(JsonReader::depth_max + 1)).error().code == "bad_json");
  CHECK(JsonReader::parse(std::string(100'000, '[')).error().code == "bad_json");
}

TEST_CASE("an unknown field is refused and the nearest known one named") {
  auto body = read(R"({"emial":"x"})");
  CHECK(!body.text("email", ten));
  CHECK(!body.finish());
  const auto errors = body.take_errors();
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].field == "emial");
  CHECK(errors[0].code == "unknown");
  CHECK(errors[0].detail.find("\"email\"") != std::string::npos);
}

TEST_CASE("texts are refused one byte beyond their limit, and when of another type") {
  auto good = read(R"({"a":"0123456789"})");
  CHECK(good.text("a", ten) == "0123456789");
  CHECK(good.finish());
  for (const auto& [text, error] :
       {std::pair{R"({"a":"0123456789x"})", "a too_long"}, std::pair{R"({"a":""})", "a too_short"},
        std::pair{R"({"a":1})", "a wrong_type"}, std::pair{R"({"a":"\u0000"})", "a not_allowed"}}) {
    auto body = read(text);
    CHECK(!body.text("a", ten));
    CHECK(first_error(body) == error);
  }
  auto missing = read(R"({"a":null})");
  CHECK(missing.need_text("a", ten).empty());
  CHECK(first_error(missing) == "a required");
}

TEST_CASE("numbers, flags, times, choices and lists are read strictly") {
  auto body = read(R"({"n":5,"f":true,"t":"2026-11-24T02:40:17Z","c":"b","l":["x","y"]})");
  CHECK(body.integer("n", 0, 5) == 5);
  CHECK(body.flag("f") == true);
  CHECK(body.time("t").has_value());
  CHECK(body.choice("c", {"a", "b"}) == "b");
  CHECK(body.texts("l", ten, 2)->size() == 2);
  CHECK(body.finish());
  auto wrong = read(R"({"n":6,"f":1,"t":"yesterday","c":"z","l":["x","y","z"],"big":18446744073709551615,"m":1.0})");
  CHECK(!wrong.integer("n", 0, 5));
  CHECK(!wrong.flag("f"));
  CHECK(!wrong.time("t"));
  CHECK(!wrong.choice("c", {"a", "b"}));
  CHECK(!wrong.texts("l", ten, 2));
  CHECK(!wrong.integer("big", 0, 5));
  CHECK(!wrong.integer("m", 0, 5));
  CHECK(!wrong.finish());
  CHECK(wrong.take_errors().size() == 7);
}

TEST_CASE("a nested object names its fields with dots") {
  auto body = read(R"({"smtp":{"port":99999,"hots":"x"}})");
  auto smtp = body.object("smtp");
  REQUIRE(smtp);
  CHECK(!smtp->integer("port", 1, 65'535));
  smtp->text("host", ten);
  body.absorb("smtp", *smtp);
  CHECK(!body.finish());
  const auto errors = body.take_errors();
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].field == "smtp.port");
  CHECK(errors[1].field == "smtp.hots");
}

TEST_CASE("a cursor is good for its own list only and cannot be changed") {
  const Position position{.number = -5, .uuid = Uuid{{1, 2, 3}}};
  const auto cursor = encode_cursor("conversations/1", position);
  CHECK(*decode_cursor("conversations/1", cursor) == position);
  CHECK(decode_cursor("conversations/2", cursor).error().code == "bad_cursor");
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    auto changed = cursor;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK(!decode_cursor("conversations/1", changed));
  }
  for (const auto* text : {"", "x", "====", "AAAA", "\xff"})
    CHECK(decode_cursor("conversations/1", text).error().code == "bad_cursor");
  CHECK(!decode_cursor("conversations/1", cursor + "AAAA"));
}

access::Actor actor_of(access::Actor::Kind kind, access::Role role, const Clock& clock) {
  access::Actor actor;
  actor.kind = kind;
  actor.role = role;
  actor.workspace = WorkspaceId::make(clock);
  if (kind == access::Actor::Kind::api_key)
    actor.api_key = ApiKeyId::make(clock);
  else
    actor.user = UserId::make(clock);
  return actor;
}

TEST_CASE("a credential has its quota, a workspace as a whole another, and the headers tell both") {
  FakeClock clock;
  RateGuard guard(clock, {.read = 60, .workspace_times = 2});
  auto one = actor_of(access::Actor::Kind::user, access::Role::agent, clock), two = one, three = one;
  two.user = UserId::make(clock);
  three.user = UserId::make(clock);
  const auto take = [&](const access::Actor& who) { return guard.take(RateClass::read, {.actor = &who}, {}); };
  for (int i = 0; i < 60; ++i) CHECK(take(one).is_allowed());
  const auto refused = take(one);
  CHECK_FALSE(refused.is_allowed());
  CHECK(refused.wait_ms() == 1'000);
  CHECK(guard.take(RateClass::write, {.actor = &one}, {}).is_allowed());  // another class
  net::Headers headers;
  for (int i = 0; i < 60; ++i) add_rate_headers(headers, take(two));
  CHECK(headers.find("RateLimit-Policy") == "\"read\";q=60;w=60, \"read_workspace\";q=120;w=60");
  CHECK(headers.find("RateLimit") == "\"read\";r=0;t=60, \"read_workspace\";r=0;t=60");
  const auto of_workspace = take(three);
  CHECK_FALSE(of_workspace.is_allowed());
  CHECK(of_workspace.wait_ms() == 500);
  CHECK(of_workspace.own.is_allowed);  // and what the workspace refuses costs the credential nothing
  clock.advance_ms(60'000);
  for (int i = 0; i < 60; ++i) CHECK(take(three).is_allowed());
}

TEST_CASE("strangers count by address, what was agreed goes before the configuration, and a limit before both") {
  FakeClock clock;
  RateGuard guard(clock, {.read = 60, .sign_in = 3});
  for (int i = 0; i < 3; ++i)
    CHECK(guard.take(RateClass::sign_in, {.actor = nullptr, .address_key = "192.0.2.1"}, {}).is_allowed());
  CHECK_FALSE(guard.take(RateClass::sign_in, {.actor = nullptr, .address_key = "192.0.2.1"}, {}).is_allowed());
  CHECK(guard.take(RateClass::sign_in, {.actor = nullptr, .address_key = "192.0.2.2"}, {}).is_allowed());

  const auto program = actor_of(access::Actor::Kind::api_key, access::Role::agent, clock);
  policy::Allowance agreed;
  agreed.read = 5;
  const auto read_as = [&](const access::Actor& who) { return guard.take(RateClass::read, {.actor = &who}, agreed); };
  for (int i = 0; i < 5; ++i) CHECK(read_as(program).is_allowed());
  CHECK_FALSE(read_as(program).is_allowed());

  auto limited = program, person = program, admin = program;
  limited.workspace = person.workspace = admin.workspace = WorkspaceId::make(clock);
  limited.api_key = ApiKeyId::make(clock);
  person.kind = admin.kind = access::Actor::Kind::user;
  person.user = UserId::make(clock);
  admin.user = UserId::make(clock);
  admin.role = access::Role::administrator;
  agreed.programs = policy::Limitation{.scope = policy::Scope::api, .rate = {.quota = 2}, .reason = "So."};
  agreed.people = policy::Limitation{.scope = policy::Scope::sign_in, .rate = {.quota = 1}, .reason = "Why."};
  for (int i = 0; i < 2; ++i) CHECK(read_as(limited).is_allowed());
  CHECK(read_as(limited).refusal == "So.");
  CHECK(read_as(limited).wait_ms() == 30'000);
  CHECK(read_as(person).is_allowed());
  CHECK(read_as(person).refusal == "Why.");
  CHECK(read_as(admin).is_allowed());  // comes in to see why, and to cure it
  CHECK(read_as(admin).is_allowed());
}

TEST_CASE("each kind of error has its status and never tells of our insides") {
  const auto status = [](ErrorKind kind, std::string_view code) {
    return status_of(Error{.kind = kind, .code = std::string(code)});
  };
  CHECK(status(ErrorKind::invalid, "name_invalid") == 422);
  CHECK(status(ErrorKind::invalid, "bad_json") == 400);
  CHECK(status(ErrorKind::conflict, "version_mismatch") == 412);
  CHECK(status(ErrorKind::limited, "storage_full") == 503);
  CHECK(status(ErrorKind::limited, "rate_limited") == 429);
  CHECK(status(ErrorKind::suspended, "sending_suspended") == 403);
  CHECK(problem(Error{.kind = ErrorKind::suspended, .code = "sending_suspended"}, {})
            .body.find("\"code\":\"suspended\"") != std::string::npos);
  const auto response =
      problem(Error{.kind = ErrorKind::internal, .code = "sql_broken", .detail = "select secret"}, {.request_id = "r"});
  CHECK(response.status == 500);
  CHECK(response.body.find("sql_broken") == std::string::npos);
  CHECK(response.body.find("secret") == std::string::npos);
  CHECK(problem(Error{.kind = ErrorKind::unavailable}, {}).headers.find("Retry-After") == "2");
}

net::Request from(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
  net::Request request;
  request.headers.add("Host", "localhost:8080");
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return request;
}

TEST_CASE("a browser's request must come from our own pages and carry our mark") {
  const ApiConfig config{.public_url = "https://desk.example/"};
  const auto check = [&](std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
    return check_same_origin(from(headers), config, true).has_value();
  };
  CHECK(check({{"Sec-Fetch-Site", "same-origin"}, {"X-Requested-With", "answerable"}}));
  CHECK(check({{"Sec-Fetch-Site", "none"}, {"X-Requested-With", "answerable"}}));
  CHECK(check({{"Origin", "https://desk.example"}, {"X-Requested-With", "answerable"}}));
  CHECK(check({{"Origin", "http://localhost:8080"}, {"X-Requested-With", "answerable"}}));
  CHECK(!check({{"Sec-Fetch-Site", "same-origin"}}));
  CHECK(!check({{"Sec-Fetch-Site", "same-site"}, {"X-Requested-With", "answerable"}}));
  CHECK(!check(
      {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://desk.example"}, {"X-Requested-With", "answerable"}}));
  CHECK(!check({{"Origin", "https://evil.example"}, {"X-Requested-With", "answerable"}}));
  CHECK(!check({{"Origin", "null"}, {"X-Requested-With", "answerable"}}));
  CHECK(!check({{"Origin", "https://desk.example.evil.example"}, {"X-Requested-With", "answerable"}}));
  CHECK(check({}));  // not a browser
  CHECK(check_websocket_origin(from({{"Origin", "https://desk.example"}}), config));
  CHECK(!check_websocket_origin(from({{"Origin", "https://evil.example"}}), config));
}

TEST_CASE("a file of a stranger is handed over inert, under its own name") {
  CHECK(safe_content_type("text/html; charset=utf-8") == "application/octet-stream");
  CHECK(safe_content_type("image/svg+xml") == "application/octet-stream");
  CHECK(safe_content_type("IMAGE/PNG") == "image/png");
  CHECK(safe_content_type("evil\r\nX: y") == "application/octet-stream");
  CHECK(content_disposition("a.png", true) == "inline; filename=\"a.png\"");
  CHECK(content_disposition("é \"x\".pdf", false).find("filename*=UTF-8''%C3%A9%20%22x%22.pdf") != std::string::npos);
  CHECK(content_disposition("../../etc/passwd", false).find("filename=\".._.._etc_passwd\"") != std::string::npos);
  net::Headers headers;
  add_download_headers(headers, "x.html", "text/html");
  CHECK(headers.find("Content-Security-Policy")->starts_with("sandbox"));
  CHECK(headers.find("Content-Disposition")->starts_with("attachment"));
}

}  // namespace
}  // namespace answerable::http
