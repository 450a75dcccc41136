// Bytes to requests (RFC 9112), without I/O. Beast's parser does the grammar; the bounds and all that could be read in
// two ways by two servers are checked here. One for each connection, for one request after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "net/chunk_reader.h"
#include "net/http.h"

namespace answerable::net {

struct HttpParserLimits {
  std::size_t header_bytes_max = 16U << 10;  // request line and headers with their line ends
  std::size_t header_count_max = 100;
};

struct HttpRefusal {
  int status = 400;
  Error error;
};

class HttpParser {
 public:
  enum class Outcome : std::uint8_t { need_more, head, complete, refused };

  explicit HttpParser(HttpParserLimits limits);

  // Takes the head of a request from the front of `input`. `complete` when it has no body. After `refused` the
  // connection is of no use any more: nobody knows where the next request starts.
  Outcome read_head(std::string& input);
  // After `head`: takes what is there of the body. `complete` when all of it is in request().body.
  Outcome read_body(std::string& input, std::size_t max_body_bytes);
  // After `complete`: ready for the next request of this connection.
  void next();

  Request& request() { return request_; }
  const HttpRefusal& refusal() const { return refusal_; }
  bool keep_alive() const { return keep_alive_; }
  bool expects_continue() const { return expects_continue_; }
  bool is_http_1_0() const { return version_ == 10; }
  std::optional<std::uint64_t> content_length() const { return content_length_; }

 private:
  struct Reader;
  Outcome refuse(int status, std::string_view code, std::string_view detail);
  std::optional<std::size_t> find_head_end(const std::string& input, Outcome& outcome);
  Outcome check_head();

  HttpParserLimits limits_;
  ChunkReader chunks_;
  Request request_;
  HttpRefusal refusal_;
  std::size_t scanned_ = 0;
  std::size_t empty_bytes_ = 0;  // of empty lines before this request, however they came
  std::optional<std::uint64_t> content_length_;
  int version_ = 11;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
  bool has_body_ = false;
};

}  // namespace answerable::net
