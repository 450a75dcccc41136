#include "channels/email/imap_guard.h"

#include <algorithm>

namespace answerable::channels {

bool ImapGuard::refuse(std::string why) {
  complaint_ = std::move(why);
  return false;
}

bool ImapGuard::take(std::string_view bytes) {
  if (!complaint_.empty()) return false;
  answer_bytes_ += bytes.size();
  if (answer_bytes_ > limits_.answer_bytes_max)
    return refuse("The server's answer to one command has no end: more than " +
                  std::to_string(limits_.answer_bytes_max) + " bytes.");
  while (!bytes.empty()) {
    if (literal_left_ > 0) {
      const auto used = std::min<std::uint64_t>(literal_left_, bytes.size());
      literal_left_ -= used;
      bytes.remove_prefix(static_cast<std::size_t>(used));
      continue;
    }
    if (!take_line_byte(bytes.front())) return false;
    bytes.remove_prefix(1);
  }
  return true;
}

// {123} CR LF at the end of a line begins a literal (RFC 3501 section 4.3).
bool ImapGuard::take_line_byte(char c) {
  if (++line_bytes_ > limits_.line_bytes_max) return refuse("The server sends a line without an end.");
  if (c == '\n') {
    const bool begins_literal = brace_ == Brace::carriage_return || brace_ == Brace::closed;
    if (begins_literal && literal_size_ > limits_.literal_bytes_max)
      return refuse("The server announces a literal of " + std::to_string(literal_size_) + " bytes.");
    if (begins_literal) literal_left_ = literal_size_;
    if (!begins_literal) nesting_ = 0;
    line_bytes_ = 0;
    brace_ = Brace::none;
    return true;
  }
  if (c == '{') {
    brace_ = Brace::digits;
    literal_size_ = 0;
  } else if (brace_ == Brace::digits && c >= '0' && c <= '9') {
    // Never back round to a small number.
    literal_size_ = std::min<std::uint64_t>(literal_size_ * 10 + static_cast<std::uint64_t>(c - '0'), 1ULL << 50);
  } else if (brace_ == Brace::digits && c == '}') {
    brace_ = Brace::closed;
  } else if (brace_ == Brace::closed && c == '\r') {
    brace_ = Brace::carriage_return;
  } else {
    brace_ = Brace::none;
  }
  if (c == '(' && ++nesting_ > limits_.nesting_max) return refuse("The server opens brackets without an end.");
  if (c == ')' && nesting_ > 0) --nesting_;
  return true;
}

}  // namespace answerable::channels
