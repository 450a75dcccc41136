#include "net/chunk_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace answerable::net {

namespace {

enum class Line : std::uint8_t { none, found, wrong };

// The line at the front, without its CR LF; wrong when it is longer than `max` with it, ends in a bare LF, or has a
// control character.
Line next_line(std::string_view bytes, std::size_t max, std::string_view& line) {
  auto end = bytes.find('\n');
  if (std::min(end, bytes.size()) >= max) return Line::wrong;
  if (end == std::string_view::npos) return Line::none;
  if (end == 0 || bytes[end - 1] != '\r') return Line::wrong;
  line = bytes.substr(0, end - 1);
  bool control = std::any_of(line.begin(), line.end(), [](char c) {
    auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && u != '\t') || u == 0x7F;
  });
  return control ? Line::wrong : Line::found;
}

std::optional<std::uint64_t> chunk_size(std::string_view line) {
  std::uint64_t size = 0;
  auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (error != std::errc()) return std::nullopt;
  bool whole = end == line.data() + line.size() || *end == ';';
  if (!whole || line.front() == '-') return std::nullopt;
  return size;
}

}  // namespace

ChunkReader::Outcome ChunkReader::take_size(std::string_view bytes, std::size_t& taken, std::size_t room) {
  std::string_view line;
  auto found = next_line(bytes, line_bytes_max, line);
  if (found == Line::none) return Outcome::need_more;
  auto size = found == Line::found ? chunk_size(line) : std::nullopt;
  if (!size) return Outcome::malformed;
  if (*size > room) return Outcome::too_large;
  left_ = *size;
  state_ = left_ > 0 ? State::data : State::trailers;
  taken += line.size() + 2;
  return Outcome::complete;
}

ChunkReader::Outcome ChunkReader::take_data_end(std::string_view bytes, std::size_t& taken) {
  if (bytes.front() != '\r' || (bytes.size() > 1 && bytes[1] != '\n')) return Outcome::malformed;
  if (bytes.size() < 2) return Outcome::need_more;
  state_ = State::size;
  taken += 2;
  return Outcome::complete;
}

// One line of the trailers; the empty one ends the body.
ChunkReader::Outcome ChunkReader::take_trailers(std::string_view bytes, std::size_t& taken) {
  std::string_view line;
  auto found = next_line(bytes, line_bytes_max - trailer_bytes_, line);
  if (found == Line::none) return Outcome::need_more;
  if (found == Line::wrong) return Outcome::malformed;
  trailer_bytes_ += line.size() + 2;
  taken += line.size() + 2;
  if (line.empty()) return Outcome::complete;
  auto colon = line.find(':');
  bool is_field = colon != std::string_view::npos && colon > 0 && line.find_first_of(" \t") >= colon;
  return is_field ? Outcome::need_more : Outcome::malformed;
}

ChunkReader::Outcome ChunkReader::take(std::string_view bytes, std::size_t& taken, std::string& body,
                                       std::size_t body_bytes_max) {
  taken = 0;
  while (taken < bytes.size()) {
    auto rest = bytes.substr(taken);
    auto before = taken;
    auto outcome = Outcome::complete;
    if (state_ == State::size) {
      outcome = take_size(rest, taken, body_bytes_max - body.size());
    } else if (state_ == State::data) {
      auto part = rest.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size())));
      body.append(part);
      taken += part.size();
      left_ -= part.size();
      if (left_ == 0) state_ = State::data_end;
    } else if (state_ == State::data_end) {
      outcome = take_data_end(rest, taken);
    } else {
      outcome = take_trailers(rest, taken);
      if (outcome == Outcome::complete) return outcome;
    }
    if (outcome == Outcome::too_large || outcome == Outcome::malformed) return outcome;
    if (taken == before) break;
  }
  return Outcome::need_more;
}

}  // namespace answerable::net
