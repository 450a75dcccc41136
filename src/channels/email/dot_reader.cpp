#include "channels/email/dot_reader.h"

#include <algorithm>

namespace answerable::channels {

namespace {

constexpr std::size_t believed_max = 1UL << 20;  // of what a peer only says that it will send

}  // namespace

void DotReader::keep(std::string_view bytes) {
  bytes_ += bytes.size();
  if (bytes_ > bytes_max_) {
    std::string().swap(content_);  // it will be refused: the memory is free at once, which assigning does not do
    return;
  }
  // Growing by doubling would hold a large mail up to three times.
  if (bytes_ > believed_max && content_.capacity() < bytes_) content_.reserve(std::min(expected_, bytes_max_));
  content_.append(bytes);
}

void DotReader::expect(std::size_t bytes) {
  expected_ = bytes;
  content_.reserve(std::min(bytes, believed_max));
}

// Content without CR, up to the next one. Returns its length.
std::size_t DotReader::run(std::string_view bytes) {
  auto length = std::min(bytes.find('\r'), bytes.size());
  if (length > 0) keep(bytes.substr(0, length));
  return length;
}

std::size_t DotReader::feed(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && state_ != State::complete) {
    const char c = bytes[at];
    switch (state_) {
      case State::line_start:
        if (c == '.') ++at;
        state_ = c == '.' ? State::dot : State::text;
        break;
      case State::text:
        at += run(bytes.substr(at));
        if (at < bytes.size()) {
          ++at;
          state_ = State::carriage_return;
        }
        break;
      case State::carriage_return:
        if (c == '\n') ++at;
        keep(c == '\n' ? "\r\n" : "\r");
        state_ = c == '\n' ? State::line_start : State::text;
        break;
      case State::dot:  // the dot itself is taken away
        if (c == '\r') ++at;
        state_ = c == '\r' ? State::dot_carriage_return : State::text;
        break;
      case State::dot_carriage_return:
        if (c == '\n') ++at;
        if (c != '\n') keep("\r");
        state_ = c == '\n' ? State::complete : State::text;
        break;
      case State::complete: break;
    }
  }
  return at;
}

}  // namespace answerable::channels
