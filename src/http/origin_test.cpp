#include "http/origin.h"

#include <doctest/doctest.h>

namespace answerable::http {
namespace {

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

}  // namespace
}  // namespace answerable::http
