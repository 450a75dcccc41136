#include "http/json_reader.h"

#include <doctest/doctest.h>

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

}  // namespace
}  // namespace answerable::http
