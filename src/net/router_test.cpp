#include "net/router.h"

#include <doctest/doctest.h>

using namespace answerable::net;
using Kind = RouteMatch::Kind;

namespace {

Response named(const Request&) { return Response::text(200, "ok"); }

Router sample() {
  Router router;
  router.add("GET", "/api/v1/conversations", named);
  router.add("POST", "/api/v1/conversations", named);
  router.add("GET", "/api/v1/conversations/{id}", named);
  router.add("GET", "/api/v1/conversations/count", named);
  router.add("PATCH", "/api/v1/conversations/{id}/messages/{message}", named);
  router.add("GET", "/assets/{file*}", named);
  router.add_websocket("/api/v1/live", [](const Request&) { return std::unique_ptr<WebSocketHandler>(); });
  return router;
}

std::string pattern_of(const RouteMatch& match) { return match.route != nullptr ? match.route->pattern : ""; }

}  // namespace

TEST_CASE("a literal wins over a parameter, and another method falls through to the parameter") {
  auto router = sample();
  CHECK(pattern_of(router.match("GET", "/api/v1/conversations/count")) == "/api/v1/conversations/count");
  auto match = router.match("GET", "/api/v1/conversations/42");
  CHECK(pattern_of(match) == "/api/v1/conversations/{id}");
  REQUIRE(match.parameters.size() == 1);
  CHECK(match.parameters[0].first == "id");
  CHECK(match.parameters[0].second == "42");
  auto deep = router.match("PATCH", "/api/v1/conversations/a%2Fb/messages/%C3%A9");
  REQUIRE(deep.parameters.size() == 2);
  CHECK(deep.parameters[0].second == "a/b");
  CHECK(deep.parameters[1].second == "é");
}

TEST_CASE("the rest of a path is one parameter, and is not empty") {
  auto router = sample();
  auto match = router.match("GET", "/assets/js/app.js");
  REQUIRE(match.kind == Kind::found);
  CHECK(match.parameters[0].second == "js/app.js");
  CHECK(router.match("GET", "/assets/").kind == Kind::not_found);
  CHECK(router.match("GET", "/assets").kind == Kind::not_found);
}

TEST_CASE("unknown paths and methods are told apart, and Allow names what there is") {
  auto router = sample();
  CHECK(router.match("GET", "/api/v1").kind == Kind::not_found);
  CHECK(router.match("GET", "/api/v1/conversations/").kind == Kind::not_found);
  auto match = router.match("DELETE", "/api/v1/conversations");
  CHECK(match.kind == Kind::method_not_allowed);
  CHECK(match.allow == "GET, POST, HEAD, OPTIONS");
  CHECK(router.match("OPTIONS", "/api/v1/conversations").kind == Kind::options);
  CHECK(router.match("OPTIONS", "/nothing").kind == Kind::not_found);
  CHECK(router.match("HEAD", "/api/v1/conversations").kind == Kind::found);
}

TEST_CASE("paths that could be read in two ways are refused") {
  auto router = sample();
  for (auto path : {"", "*", "relative", "/a/../b", "/a/./b", "/%2e%2e/b", "/a%00", "/%FF", "/%zz", "/a%"}) {
    CAPTURE(path);
    CHECK(router.match("GET", path).kind == Kind::bad_path);
  }
  std::string path;
  for (std::size_t i = 0; i < Router::segments_max; ++i) path += "/x";
  CHECK(router.match("GET", path).kind == Kind::not_found);
  CHECK(router.match("GET", path + "/x").kind == Kind::bad_path);
}

TEST_CASE("the fallback answers GET where nothing else is, and only there") {
  auto router = sample();
  router.fallback(named);
  CHECK(pattern_of(router.match("GET", "/inbox/all")) == "{path*}");
  CHECK(pattern_of(router.match("GET", "/")) == "{path*}");
  CHECK(router.match("POST", "/inbox").kind == Kind::not_found);
  CHECK(router.match("PUT", "/api/v1/conversations").kind == Kind::method_not_allowed);
  CHECK(router.match("GET", "/a/../b").kind == Kind::bad_path);
}

TEST_CASE("all routes can be enumerated with method, pattern and kind") {
  auto router = sample();
  CHECK(router.routes().size() == 7);
  std::size_t websockets = 0;
  for (const auto& route : router.routes()) websockets += route->is_websocket() ? 1 : 0;
  CHECK(websockets == 1);
}
