#include "channels/webchat/protocol.h"

#include <doctest/doctest.h>

#include "channels/webchat/limits.h"
#include "channels/webchat/settings.h"

namespace answerable::channels::webchat {
namespace {

std::string code_of(std::string_view text) {
  auto frame = parse_visitor_frame(text);
  return frame ? "ok" : frame.error().code;
}

std::string message(std::string_view text, std::string_view further = "") {
  return R"({"type":"message","client_id":"c-1","text":")" + std::string(text) + "\"" + std::string(further) + "}";
}

TEST_CASE("the frames of a visitor are read") {
  auto written = parse_visitor_frame(message("hi", R"(,"attachments":["0190a5c0-0000-7000-8000-000000000001"])"));
  REQUIRE(written);
  CHECK(std::get<MessageFrame>(*written).text == "hi");
  CHECK(std::get<MessageFrame>(*written).files.size() == 1);
  CHECK(std::get<HelloFrame>(*parse_visitor_frame(R"({"type":"hello","token":"t","after":7})")).after == 7);
  CHECK(std::holds_alternative<TypingFrame>(*parse_visitor_frame(R"({"type":"typing"})")));
  CHECK(std::get<SeenFrame>(*parse_visitor_frame(R"({"type":"seen","seq":3})")).seq == 3);
}

TEST_CASE("what is no frame is refused with its reason") {
  CHECK(code_of("") == "frame_malformed");
  CHECK(code_of("[]") == "frame_malformed");
  CHECK(code_of("{}") == "frame_malformed");
  CHECK(code_of(R"({"type":"dance"})") == "frame_unknown");
  CHECK(code_of(R"({"type":"seen","seq":-1})") == "frame_malformed");
  CHECK(code_of(R"({"type":"seen","seq":"1"})") == "frame_malformed");
  CHECK(code_of(message("  \\n ")) == "message_empty");
  CHECK(code_of(R"({"type":"message","client_id":"a/b","text":"x"})") == "client_id");
  CHECK(code_of(message("x", R"(,"attachments":["nope"])")) == "frame_malformed");
  CHECK(code_of(std::string(100'000, '[')) == "frame_malformed");
}

TEST_CASE("a text and a list of files have their bounds") {
  CHECK(code_of(message(std::string(text_bytes_max, 'x'))) == "ok");
  CHECK(code_of(message(std::string(text_bytes_max + 1, 'x'))) == "message_too_long");
  auto files = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i) {
      char id[64];
      std::snprintf(id, sizeof id, "%s\"0190a5c0-0000-7000-8000-%012d\"", i == 0 ? "" : ",", i);
      list += id;
    }
    return ",\"attachments\":[" + list + "]";
  };
  CHECK(code_of(message("x", files(10))) == "ok");
  CHECK(code_of(message("x", files(11))) == "files_per_message");
}

TEST_CASE("a refusal keeps the client id of a message that is wrong otherwise") {
  std::string client_id;
  CHECK_FALSE(parse_visitor_frame(message(""), &client_id));
  CHECK(client_id == "c-1");
  auto frame = refused_frame("c-1", Error{ErrorKind::limited, "intake_full", "wait"});
  CHECK(frame == R"({"type":"refused","client_id":"c-1","code":"limited","detail":"wait"})");
}

TEST_CASE("origins are compared as origins") {
  auto settings = read_settings(R"({"allowed_origins":["https://shop.example","http://localhost:3000/"]})");
  const std::string own = "https://desk.example";
  CHECK(is_origin_allowed(settings, "https://shop.example", own));
  CHECK(is_origin_allowed(settings, "HTTPS://SHOP.example", own));
  CHECK(is_origin_allowed(settings, "http://localhost:3000", own));
  CHECK(is_origin_allowed(settings, own, own));
  CHECK(is_origin_allowed(settings, "", own));
  for (auto bad : {"http://shop.example", "https://shop.example.evil.example", "https://evil.example", "null",
                   "https://shop.example:444"})
    CHECK_FALSE(is_origin_allowed(settings, bad, own));
  CHECK(is_origin_allowed(read_settings(R"({"allowed_origins":["*"]})"), "https://any.example", own));
  CHECK_FALSE(is_origin_allowed(read_settings("broken"), "https://any.example", own));
}

}  // namespace
}  // namespace answerable::channels::webchat
