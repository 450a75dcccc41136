// The chunked transfer coding (RFC 9112 section 7.1) without I/O. Ours and not Beast's: in 1.81 its parser runs into an
// assertion when the last chunk of a body without others comes in small pieces, which anybody can send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace answerable::net {

class ChunkReader {
 public:
  enum class Outcome : std::uint8_t { need_more, complete, too_large, malformed };
  static constexpr std::size_t line_bytes_max = 1024;  // a chunk size with its extensions; and all trailers together

  // Takes what it can from the front of `bytes` (`taken` says how much) and appends it to `body`. Extensions and
  // trailers are checked and ignored. After `too_large` and `malformed` it is of no use any more.
  Outcome take(std::string_view bytes, std::size_t& taken, std::string& body, std::size_t body_bytes_max);

 private:
  enum class State : std::uint8_t { size, data, data_end, trailers };
  Outcome take_size(std::string_view bytes, std::size_t& taken, std::size_t room);
  Outcome take_data_end(std::string_view bytes, std::size_t& taken);
  Outcome take_trailers(std::string_view bytes, std::size_t& taken);

  State state_ = State::size;
  std::uint64_t left_ = 0;  // of the data of this chunk
  std::size_t trailer_bytes_ = 0;
};

}  // namespace answerable::net
