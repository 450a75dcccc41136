// The content after DATA (RFC 5321 section 4.5.2): takes away the dots that were put before lines, and finds the end,
// which is CRLF . CRLF and nothing else. A bare CR or LF is content and never ends a line, whatever stands around it:
// what another server took for the end of a message is inside of it here, so nothing can be smuggled in as a second
// message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace answerable::channels {

class DotReader {
 public:
  // Beyond bytes_max content is counted, not kept.
  explicit DotReader(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Returns how many bytes were consumed: all of them, unless the end was found.
  std::size_t feed(std::string_view bytes);
  bool is_complete() const { return state_ == State::complete; }
  bool is_too_large() const { return bytes_ > bytes_max_; }
  std::size_t bytes() const { return bytes_; }                // of content so far
  std::size_t memory() const { return content_.capacity(); }  // that it takes, which grows by doubling
  // Frees what is kept; from here on content is counted only.
  void discard() {
    bytes_max_ = 0;
    std::string().swap(content_);
  }
  std::string take_content() { return std::move(content_); }
  // The peer says how much comes. Believed once a part of it has come.
  void expect(std::size_t bytes);

 private:
  enum class State : unsigned char { line_start, text, carriage_return, dot, dot_carriage_return, complete };
  void keep(std::string_view bytes);
  std::size_t run(std::string_view bytes);

  std::size_t bytes_max_;
  std::size_t bytes_ = 0, expected_ = 0;
  std::string content_;
  State state_ = State::line_start;
};

}  // namespace answerable::channels
