#include "net/http.h"

#include <doctest/doctest.h>

using namespace answerable;
using namespace answerable::net;

TEST_CASE("headers are found without regard to case and keep their order") {
  Headers headers;
  headers.add("Content-Type", "text/html");
  headers.add("Set-Cookie", "a=1");
  headers.add("set-cookie", "b=2");
  CHECK(headers.find("content-type") == "text/html");
  CHECK(headers.find("SET-COOKIE") == "a=1");
  CHECK(headers.count("Set-Cookie") == 2);
  CHECK_FALSE(headers.find("Content"));
  headers.set("SET-cookie", "c=3");
  CHECK(headers.count("Set-Cookie") == 1);
  CHECK(headers[1].value == "c=3");
  headers.set("Copy", *headers.find("Content-Type"));
  CHECK(headers.find("copy") == "text/html");
}

TEST_CASE("a value with line breaks cannot start a new header") {
  Headers headers;
  headers.add("Content-Disposition", "attachment; filename=\"a\r\nSet-Cookie: x=1\"");
  CHECK(headers[0].value == "attachment; filename=\"a  Set-Cookie: x=1\"");
  headers.add("Nul", std::string_view("a\0b\x7F", 4));
  CHECK(headers[1].value == "a b ");
}

TEST_CASE("query parameters are decoded, the first of a name counts, and wrong percent signs stay") {
  Request request;
  request.query = "q=caf%C3%A9+au%20lait&limit=50&limit=60&empty=&flag&bad=100%&n%61me=x&cut=%C3";
  CHECK(request.query_parameter("q") == "café au lait");
  CHECK(request.query_parameter("limit") == "50");
  CHECK(request.query_parameter("empty") == "");
  CHECK(request.query_parameter("flag") == "");
  CHECK(request.query_parameter("bad") == "100%");
  CHECK(request.query_parameter("name") == "x");
  CHECK(request.query_parameter("cut") == "\xEF\xBF\xBD");
  CHECK_FALSE(request.query_parameter("absent"));
}

TEST_CASE("cookies are found by their exact name") {
  Request request;
  request.headers.add("Cookie", "a=1; __Host-session=abc=def ; q=\"quoted\";novalue; a=2");
  CHECK(request.cookie("a") == "1");
  CHECK(request.cookie("__Host-session") == "abc=def");
  CHECK(request.cookie("q") == "quoted");
  CHECK_FALSE(request.cookie("novalue"));
  CHECK_FALSE(request.cookie("A"));
  CHECK_FALSE(request.cookie("session"));
}

TEST_CASE("percent decoding refuses what is cut or not hex, and encoding is its inverse") {
  CHECK(percent_decode("a%20b%2Fc") == "a b/c");
  CHECK_FALSE(percent_decode("%"));
  CHECK_FALSE(percent_decode("%4"));
  CHECK_FALSE(percent_decode("%4G"));
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(percent_decode(percent_encode(all)) == all);
}

TEST_CASE("errors become problem details with a code, and kinds have their status") {
  Error error{ErrorKind::denied, "not_yours", "ask \"an\" administrator\n"};
  auto response = default_error_answer(error, {.status = 0, .request_id = "r1"});
  CHECK(response.status == 403);
  CHECK(response.headers.find("content-type") == "application/problem+json");
  CHECK(response.body.find(R"("code":"not_yours")") != std::string::npos);
  CHECK(response.body.find(R"("detail":"ask \"an\" administrator")") != std::string::npos);
  CHECK(default_error_answer(error, {.status = 418}).status == 418);
}
