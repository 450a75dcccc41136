// Request parsing, routing and everything that is decoded from a request, without sockets. The input is parsed in one
// piece and in pieces whose sizes the input chooses: both must give the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ensure.h"
#include "base/utf8.h"
#include "net/address.h"
#include "net/http_parser.h"
#include "net/router.h"

using namespace answerable;
using namespace answerable::net;
using Outcome = HttpParser::Outcome;

namespace {

constexpr HttpParserLimits limits{.header_bytes_max = 2048, .header_count_max = 32};
constexpr std::size_t body_bytes_max = 1024;

const Router& router() {
  static const Router made = [] {
    Router routes;
    auto none = [](const Request&) { return Response(); };
    routes.add("GET", "/", none);
    routes.add("GET", "/a/{id}", none);
    routes.add("POST", "/a/{id}/b", none);
    routes.add("GET", "/a/b", none);
    routes.add("GET", "/f/{path*}", none);
    return routes;
  }();
  return made;
}

void use(const Request& request) {
  ensure(request.body.size() <= body_bytes_max, "the body is bounded");
  ensure(request.headers.size() <= limits.header_count_max, "the number of headers is bounded");
  auto match = router().match(request.method, request.path);
  for (const auto& [name, value] : match.parameters) {
    ensure(!value.empty() && is_valid_utf8(value), "path parameters are not empty and valid UTF-8");
  }
  for (auto name : {"a", "id", ""}) {
    auto value = request.query_parameter(name);
    ensure(!value || is_valid_utf8(*value), "query parameters are valid UTF-8");
    request.cookie(name);
  }
  Response response;
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    auto field = request.headers[i];
    response.headers.add("X", field.value);
    auto copy = response.headers[i].value;
    ensure(copy.find('\r') == copy.npos && copy.find('\n') == copy.npos, "a value has no line breaks");
  }
  std::vector<IpRange> ours{*IpRange::parse("0.0.0.0/0")};
  client_address("127.0.0.1", request.header("X-Forwarded-For").value_or(""), ours);
  static_cast<void>(parse_host_port(request.header("Host").value_or("")));
}

// What a connection does with the bytes: one line for each request, and how it ended.
std::string converse(std::string_view bytes, std::size_t first_step) {
  std::string seen;
  std::string input;
  HttpParser parser(limits);
  bool in_body = false;
  std::size_t step = first_step;
  while (!bytes.empty()) {
    auto piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    input.append(piece);
    while (true) {
      auto outcome = in_body ? parser.read_body(input, body_bytes_max) : parser.read_head(input);
      if (outcome == Outcome::need_more) break;
      if (outcome == Outcome::refused) return seen + "refused";
      if (outcome == Outcome::head) {
        in_body = true;
        continue;
      }
      use(parser.request());
      seen += parser.request().method + " " + parser.request().target + " " + parser.request().body + "\n";
      parser.next();
      in_body = false;
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto whole = converse(bytes, bytes.size() + 1);
  auto pieces = converse(bytes, data[0] % 16 + 1U);
  ensure(whole == pieces, "requests do not depend on how the bytes arrive");
  return 0;
}
