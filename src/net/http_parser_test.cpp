#include "net/http_parser.h"

#include <doctest/doctest.h>

using namespace answerable::net;
using Outcome = HttpParser::Outcome;

namespace {

struct Read {
  Outcome outcome = Outcome::need_more;
  int status = 0;
  Request request;
  std::string rest;
};

// All bytes at once, or byte by byte: both must give the same.
Read read(std::string_view bytes, bool byte_by_byte = false, HttpParserLimits limits = {},
          std::size_t body_max = 1000) {
  HttpParser parser(limits);
  Read read;
  bool in_body = false;
  std::size_t step = byte_by_byte ? 1 : bytes.size();
  for (std::size_t at = 0; at < bytes.size() && (read.outcome == Outcome::need_more || in_body); at += step) {
    read.rest.append(bytes.substr(at, step));
    if (!in_body) read.outcome = parser.read_head(read.rest);
    if (read.outcome == Outcome::head) in_body = true;
    if (in_body) read.outcome = parser.read_body(read.rest, body_max);
    if (read.outcome != Outcome::need_more) break;
  }
  if (read.outcome == Outcome::refused) read.status = parser.refusal().status;
  read.request = parser.request();
  return read;
}

int refusal(std::string_view bytes) {
  auto whole = read(bytes);
  auto slow = read(bytes, true);
  CHECK(whole.status == slow.status);
  return whole.outcome == Outcome::refused ? whole.status : 0;
}

std::string with(std::string_view headers, std::string_view body = {}) {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("a request is read the same in one piece and byte by byte") {
  for (bool slow : {false, true}) {
    auto got = read("\r\nPOST /a/b?q=1&r HTTP/1.1\r\nHost: x\r\nX-A:  padded \r\nContent-Length: 5\r\n\r\nhello", slow);
    REQUIRE(got.outcome == Outcome::complete);
    CHECK(got.request.method == "POST");
    CHECK(got.request.target == "/a/b?q=1&r");
    CHECK(got.request.path == "/a/b");
    CHECK(got.request.query == "q=1&r");
    CHECK(got.request.header("x-a") == "padded");
    CHECK(got.request.body == "hello");
  }
}

TEST_CASE("empty lines before a request are skipped, however they arrive") {
  for (bool slow : {false, true}) {
    CHECK(read("\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", slow).outcome == Outcome::complete);
    CHECK(read("\r\n\r\n GET / HTTP/1.1\r\nHost: a\r\n\r\n", slow).status == 400);
    CHECK(read("\r\n\r\n", slow).outcome == Outcome::need_more);
  }
  std::string many;
  for (int i = 0; i < 32; ++i) many += "\r\n";
  for (bool slow : {false, true}) {
    CHECK(read(many + "GET / HTTP/1.1\r\nHost: a\r\n\r\n", slow).outcome == Outcome::complete);
    CHECK(read(many + "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", slow).status == 400);
  }
}

TEST_CASE("chunks are put together, and trailers do not become headers") {
  for (bool slow : {false, true}) {
    auto got = read(
        with("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\nA;x=y\r\n, world!!!\r\n0\r\nX-Late: 1\r\n\r\n"), slow);
    REQUIRE(got.outcome == Outcome::complete);
    CHECK(got.request.body == "hello, world!!!");
    CHECK_FALSE(got.request.header("X-Late"));
  }
}

TEST_CASE("what follows a request stays for the next one") {
  std::string input =
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /3 HT";
  HttpParser parser({});
  CHECK(parser.read_head(input) == Outcome::complete);
  CHECK(parser.request().path == "/1");
  parser.next();
  CHECK(parser.read_head(input) == Outcome::head);
  CHECK(parser.read_body(input, 10) == Outcome::complete);
  CHECK(parser.request().body == "hi");
  parser.next();
  CHECK(parser.read_head(input) == Outcome::need_more);
  CHECK(input == "GET /3 HT");
}

TEST_CASE("the length of headers is bounded to the byte") {
  std::string request = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  request.append(1000 - request.size() - 4, 'x');
  request += "\r\n\r\n";
  REQUIRE(request.size() == 1000);
  CHECK(read(request, false, {.header_bytes_max = 1000}).outcome == Outcome::complete);
  CHECK(read(request, true, {.header_bytes_max = 1000}).outcome == Outcome::complete);
  CHECK(read(request, false, {.header_bytes_max = 999}).status == 431);
  CHECK(read(request, true, {.header_bytes_max = 999}).status == 431);
  CHECK(read(std::string(1000, 'a'), false, {.header_bytes_max = 1000}).status == 431);
}

TEST_CASE("the number of headers is bounded") {
  std::string headers;
  for (int i = 0; i < 9; ++i) headers += "X: 1\r\n";  // and Host
  auto request = "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
  CHECK(read(request, false, {.header_count_max = 10}).outcome == Outcome::complete);
  CHECK(read(request, false, {.header_count_max = 9}).status == 431);
}

TEST_CASE("the length of a body is bounded to the byte, in both framings") {
  std::string ten(10, 'b');
  for (bool slow : {false, true}) {
    CHECK(read(with("Content-Length: 10\r\n", ten), slow, {}, 10).outcome == Outcome::complete);
    CHECK(read(with("Content-Length: 10\r\n", ten), slow, {}, 9).status == 413);
    auto chunked = with("Transfer-Encoding: chunked\r\n", "5\r\nbbbbb\r\n5\r\nbbbbb\r\n0\r\n\r\n");
    CHECK(read(chunked, slow, {}, 10).outcome == Outcome::complete);
    CHECK(read(chunked, slow, {}, 9).status == 413);
  }
  CHECK(read(with("Content-Length: 18446744073709551615\r\n"), false, {}, 10).status == 413);
}

TEST_CASE("a chunk header and the trailers are bounded to the byte") {
  for (bool slow : {false, true}) {
    for (int too_much : {0, 1}) {
      auto status = too_much == 0 ? 0 : 400;
      auto extension = std::string(1024 - 5 - 2 + static_cast<std::size_t>(too_much), 'e');  // 1;e= and the line end
      auto chunk = with("Transfer-Encoding: chunked\r\n",
                        "1;"
                        "e=" +
                            extension + "x\r\nb\r\n0\r\n\r\n");
      CHECK(read(chunk, slow).status == status);
      auto trailer = std::string(1024 - 6 + static_cast<std::size_t>(too_much), 't');  // T: and two line ends
      auto last = with("Transfer-Encoding: chunked\r\n", "1\r\nb\r\n0\r\nT:" + trailer + "\r\n\r\n");
      CHECK(read(last, slow).status == status);
    }
  }
}

TEST_CASE("a body of only a last chunk may come in single bytes") {
  for (bool slow : {false, true}) {
    auto got = read(with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), slow);
    CHECK(got.outcome == Outcome::complete);
    CHECK(read(with("Transfer-Encoding: chunked\r\n", "0\r\nT y\r\n\r\n"), slow).status == 400);
    CHECK(read(with("Transfer-Encoding: chunked\r\n", "-1\r\n"), slow).status == 400);
    CHECK(read(with("Transfer-Encoding: chunked\r\n", "\r\n"), slow).status == 400);
  }
}

TEST_CASE("lengths that can be read in two ways are refused") {
  CHECK(refusal(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")) == 400);
  CHECK(refusal(with("Content-Length: 3\r\nContent-Length: 3\r\n")) == 400);
  CHECK(refusal(with("Content-Length: 3\r\nContent-Length: 4\r\n")) == 400);
  CHECK(refusal(with("Content-Length: 3, 3\r\n")) == 400);
  CHECK(refusal(with("Content-Length: +3\r\n")) == 400);
  CHECK(refusal(with("Content-Length: 0x3\r\n")) == 400);
  CHECK(refusal(with("Content-Length: \r\n")) == 400);
  CHECK(refusal(with("Content-Length: 99999999999999999999\r\n")) == 400);
  CHECK(refusal(with("Transfer-Encoding: gzip, chunked\r\n")) == 501);
  CHECK(refusal(with("Transfer-Encoding: identity\r\n")) == 501);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "g\r\nx\r\n0\r\n\r\n")) == 400);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "1\r\nxy0\r\n\r\n")) == 400);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "1 \nx\r\n0\r\n\r\n")) == 400);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFF\r\nx")) == 400);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\n", "1;" + std::string(3000, 'e'))) == 400);
}

TEST_CASE("header lines that can be read in two ways are refused") {
  CHECK(refusal("GET / HTTP/1.1\nHost: a\n\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: a\n\r\n") == 400);
  CHECK(refusal(with("X: a\r\n folded\r\n")) == 400);
  CHECK(refusal(with("X: a\r\n\tfolded\r\n")) == 400);
  CHECK(refusal(with("X : a\r\n")) == 400);
  CHECK(refusal(with("X\r\n")) == 400);
  CHECK(refusal(with(": a\r\n")) == 400);
  CHECK(refusal(with(std::string("X: a\0b\r\n", 8))) == 400);
  CHECK(refusal(with("X: a\x01"
                     "b\r\n")) == 400);
  CHECK(refusal(with("X: a\rb\r\n")) == 400);
  CHECK(refusal(with("Host: b\r\n")) == 400);
  CHECK(refusal("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.0\r\n\r\n") == 0);
  CHECK(refusal(with("Expect: 200-ok\r\n")) == 417);
}

TEST_CASE("targets and versions that this server does not serve are refused") {
  CHECK(refusal("GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("GET * HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") == 0);
  CHECK(refusal("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("GET /a\x80 HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("GET  / HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.2\r\nHost: a\r\n\r\n") == 505);
  CHECK(refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
  CHECK(refusal("GET / FTP/1.1\r\nHost: a\r\n\r\n") != 0);
  CHECK(refusal("G@T / HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("\x16\x03\x01\x02\n") == 400);
}
