#include "channels/email/dot_reader.h"

#include <algorithm>

namespace answerable::channels {

void DotReader::keep(std::string_view bytes) {
  bytes_ += bytes.size();
  if (bytes_ <= bytes_max_)
    content_.append(bytes);
  else
    content_ = std::string();  // it will be refused: the memory is free at once
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
