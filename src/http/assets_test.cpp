#include "http/assets.h"

#include <doctest/doctest.h>

namespace answerable::http {
namespace {

const Asset script{"/widget.js",       "text/javascript",    {"plain bytes", "\"a\""},
                   {"br", "\"a-br\""}, {"gzip", "\"a-gz\""}, false};

TEST_CASE("the smallest representation that the client accepts is chosen") {
  CHECK(choose_representation(script, "gzip, deflate, br").content_encoding == "br");
  CHECK(choose_representation(script, "gzip").content_encoding == "gzip");
  CHECK(choose_representation(script, "gzip;q=0.5, br;q=0.1").content_encoding == "br");
  CHECK(choose_representation(script, "*").content_encoding == "br");
  CHECK(choose_representation(script, "BR").bytes == "br");
}

TEST_CASE("a coding with weight zero is not used") {
  CHECK(choose_representation(script, "br;q=0, gzip").content_encoding == "gzip");
  CHECK(choose_representation(script, "br; q=0.000 ,gzip;Q=0").content_encoding.empty());
  CHECK(choose_representation(script, "*;q=0, gzip").content_encoding == "gzip");
  CHECK(choose_representation(script, "br;q=0, *").content_encoding == "gzip");
}

TEST_CASE("a client that says nothing gets the plain bytes") {
  for (auto header : {"", "identity", ",,;;", "brotli", "q=0"}) {
    const auto chosen = choose_representation(script, header);
    CHECK(chosen.bytes == "plain bytes");
    CHECK(chosen.etag == "\"a\"");
  }
}

TEST_CASE("a representation that does not exist is never chosen") {
  const Asset picture{"/logo.png", "image/png", {"png", "\"b\""}, {}, {}, false};
  CHECK(choose_representation(picture, "br, gzip").bytes == "png");
}

TEST_CASE("the embedded table is ordered, and each entry is found by its path only") {
  const auto assets = all_assets();
  for (std::size_t i = 0; i < assets.size(); ++i) {
    CHECK(find_asset(assets[i].path) == &assets[i]);
    CHECK(assets[i].path.starts_with("/"));
    CHECK(assets[i].identity.etag.size() == 34);
    CHECK((i == 0 || assets[i - 1].path < assets[i].path));
    CHECK((assets[i].brotli.bytes.empty() || assets[i].brotli.bytes.size() < assets[i].identity.bytes.size()));
  }
  CHECK(find_asset("") == nullptr);
  CHECK(find_asset("/no/such/file") == nullptr);
  CHECK(find_asset("/index.html/") == nullptr);
}

}  // namespace
}  // namespace answerable::http
