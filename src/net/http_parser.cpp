#include "net/http_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

namespace answerable::net {

namespace {

namespace http = boost::beast::http;
using BeastText = boost::beast::string_view;
using ErrorCode = boost::system::error_code;

std::string_view view(BeastText text) { return {text.data(), text.size()}; }

constexpr std::size_t empty_line_bytes_max = 64;      // before a request line
constexpr std::size_t body_reserve_max = 256U << 10;  // trust a Content-Length only so far before the bytes are there

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

// Hands what Beast finds in a head straight to our Request. It sees nothing of bodies.
struct HttpParser::Reader final : http::basic_parser<true> {
  explicit Reader(HttpParser& owner) : owner_(owner) {}

 private:
  void on_request_impl(http::verb, BeastText method, BeastText target, int version, ErrorCode&) override {
    owner_.request_.method.assign(method.data(), method.size());
    owner_.request_.target.assign(target.data(), target.size());
    owner_.version_ = version;
  }
  void on_field_impl(http::field, BeastText name, BeastText value, ErrorCode&) override {
    owner_.request_.headers.add(view(name), view(value));
  }
  std::size_t on_body_impl(BeastText bytes, ErrorCode&) override { return bytes.size(); }
  std::size_t on_chunk_body_impl(std::uint64_t, BeastText bytes, ErrorCode&) override { return bytes.size(); }
  void on_response_impl(int, BeastText, int, ErrorCode&) override {}
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  void on_chunk_header_impl(std::uint64_t, BeastText, ErrorCode&) override {}
  void on_finish_impl(ErrorCode&) override {}

  HttpParser& owner_;
};

HttpParser::HttpParser(HttpParserLimits limits) : limits_(limits) {}

void HttpParser::next() {
  chunks_ = ChunkReader();
  request_ = Request();
  scanned_ = 0;
  empty_bytes_ = 0;
  content_length_.reset();
}

HttpParser::Outcome HttpParser::refuse(int status, std::string_view code, std::string_view detail) {
  auto kind = status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid;
  refusal_ = {status, Error{kind, std::string(code), std::string(detail)}};
  keep_alive_ = false;
  return Outcome::refused;
}

// Looks for the empty line, from where the last look ended. Lines end in CR LF; a bare LF is refused here because some
// servers take it for a line end and some do not, and so is a line that starts with a blank (obsolete folding).
std::optional<std::size_t> HttpParser::find_head_end(const std::string& input, Outcome& outcome) {
  outcome = Outcome::need_more;
  while (true) {
    bool at_line_start = scanned_ > 0 && scanned_ < input.size() && input[scanned_ - 1] == '\n';
    if (at_line_start && (input[scanned_] == ' ' || input[scanned_] == '\t')) {
      outcome = refuse(400, "folded_header", "header fields may not be folded");
      return std::nullopt;
    }
    auto line_end = input.find('\n', scanned_);
    if (std::min(line_end, input.size()) >= limits_.header_bytes_max) {
      outcome = refuse(431, "headers_too_large", "the request line and headers are larger than this server accepts");
      return std::nullopt;
    }
    if (line_end == std::string::npos) {
      scanned_ = input.size();
      return std::nullopt;
    }
    scanned_ = line_end + 1;
    if (line_end == 0 || input[line_end - 1] != '\r') {
      outcome = refuse(400, "bad_line_end", "lines of a request end in CR LF");
      return std::nullopt;
    }
    if (line_end >= 3 && input[line_end - 2] == '\n') return scanned_;
  }
}

HttpParser::Outcome HttpParser::read_head(std::string& input) {
  // RFC 9112 section 2.2: empty lines before the request line are skipped (old clients add one after a body).
  if (scanned_ == 0) {
    std::size_t empty = 0;
    while (input.compare(empty, 2, "\r\n") == 0) empty += 2;
    empty_bytes_ += empty;
    if (empty_bytes_ > empty_line_bytes_max)
      return refuse(400, "malformed_request", "the request begins with empty lines");
    input.erase(0, empty);
  }
  if (input == "\r") return Outcome::need_more;
  Outcome outcome{};
  auto end = find_head_end(input, outcome);
  if (!end) return outcome;
  Reader parser(*this);
  parser.header_limit(static_cast<std::uint32_t>(*end + 1));
  parser.body_limit(boost::none);
  request_.headers.reserve(16, *end);
  ErrorCode error;
  auto taken = parser.put(boost::asio::buffer(input.data(), *end), error);
  if (error && error != http::error::need_more) {
    if (error == http::error::bad_version)
      return refuse(505, "bad_version", "this server speaks HTTP/1.1 and HTTP/1.0");
    return refuse(400, "malformed_request", "the request is not valid HTTP: " + error.message());
  }
  if (!parser.is_header_done() || taken != *end)
    return refuse(400, "malformed_request", "the request is not valid HTTP");
  input.erase(0, *end);
  keep_alive_ = parser.keep_alive();
  has_body_ = !parser.is_done();
  if (auto length = parser.content_length()) content_length_ = *length;
  return check_head();
}

HttpParser::Outcome HttpParser::check_head() {
  const auto& headers = request_.headers;
  if (headers.size() > limits_.header_count_max)
    return refuse(431, "too_many_headers", "the request has too many headers");
  if (version_ != 10 && version_ != 11) return refuse(505, "bad_version", "this server speaks HTTP/1.1 and HTTP/1.0");

  auto codings = headers.count("Transfer-Encoding");
  auto lengths = headers.count("Content-Length");
  if (codings + lengths > 1) return refuse(400, "ambiguous_length", "the request says its length more than once");
  if (codings == 1 && version_ == 10) return refuse(400, "ambiguous_length", "HTTP/1.0 has no transfer codings");
  if (codings == 1 && !equals_ignoring_case(*headers.find("Transfer-Encoding"), "chunked")) {
    return refuse(501, "unknown_transfer_coding", "the only transfer coding is chunked");
  }
  if (lengths == 1 && !is_number(*headers.find("Content-Length"))) {
    return refuse(400, "bad_content_length", "Content-Length is not a number");
  }

  auto hosts = headers.count("Host");
  if (hosts > 1 || (hosts == 0 && version_ == 11))
    return refuse(400, "bad_host", "a request has exactly one Host header");
  const auto& target = request_.target;
  bool asterisk = target == "*" && request_.method == "OPTIONS";
  if (!asterisk && !target.starts_with('/')) {
    return refuse(400, "bad_target", "the request target must be a path that starts with '/'");
  }
  if (!is_visible_ascii(target) || target.find('#') != std::string::npos) {
    return refuse(400, "bad_target", "the request target has characters that must be percent-encoded");
  }
  auto question = target.find('?');
  request_.path = asterisk ? "/" : target.substr(0, question);
  if (question != std::string::npos) request_.query = target.substr(question + 1);

  auto expect = headers.find("Expect");
  expects_continue_ = expect && version_ == 11 && has_body_;
  if (expect && !equals_ignoring_case(*expect, "100-continue")) {
    return refuse(417, "unknown_expectation", "the only expectation is 100-continue");
  }
  return has_body_ ? Outcome::head : Outcome::complete;
}

HttpParser::Outcome HttpParser::read_body(std::string& input, std::size_t max_body_bytes) {
  auto too_large = [&] {
    return refuse(413, "body_too_large",
                  "the body is larger than the " + std::to_string(max_body_bytes) + " bytes accepted here");
  };
  auto& body = request_.body;
  if (content_length_) {
    if (*content_length_ > max_body_bytes) return too_large();
    if (body.empty()) body.reserve(std::min<std::size_t>(*content_length_, body_reserve_max));
    auto part = std::min<std::size_t>(*content_length_ - body.size(), input.size());
    body.append(input, 0, part);
    input.erase(0, part);
    return body.size() == *content_length_ ? Outcome::complete : Outcome::need_more;
  }
  std::size_t taken = 0;
  auto outcome = chunks_.take(input, taken, body, max_body_bytes);
  input.erase(0, taken);
  switch (outcome) {
    case ChunkReader::Outcome::complete: return Outcome::complete;
    case ChunkReader::Outcome::need_more: return Outcome::need_more;
    case ChunkReader::Outcome::too_large: return too_large();
    case ChunkReader::Outcome::malformed: break;
  }
  return refuse(400, "malformed_body", "the chunks of the body are not valid (RFC 9112 section 7.1)");
}

}  // namespace answerable::net
