// Bounds what an IMAP server may say in answer to one command, before anything tries to understand it: an endless line,
// a literal of gigabytes or brackets in brackets would cost us memory or stack. Pure; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace answerable::channels {

struct ImapGuardLimits {
  std::size_t line_bytes_max = 16UL << 20;    // a SEARCH names a million mails in one line
  std::size_t answer_bytes_max = 64UL << 20;  // to one command, its literals too
  std::uint64_t literal_bytes_max = 64UL << 20;
  int nesting_max = 100;  // brackets open at one time in a line
};

class ImapGuard {
 public:
  explicit ImapGuard(const ImapGuardLimits& limits = {}) : limits_(limits) {}

  // A command leaves: its answer has the whole allowance.
  void begin_answer() { answer_bytes_ = 0; }
  // False as soon as a limit is passed, and for ever then: the connection is of no use any more.
  bool take(std::string_view bytes);
  // What was passed, as a sentence; empty while all is well.
  const std::string& complaint() const { return complaint_; }

 private:
  bool refuse(std::string why);
  bool take_line_byte(char c);

  const ImapGuardLimits limits_;
  std::size_t line_bytes_ = 0, answer_bytes_ = 0;
  std::uint64_t literal_left_ = 0, literal_size_ = 0;
  enum class Brace : std::uint8_t { none, digits, closed, carriage_return } brace_ = Brace::none;
  int nesting_ = 0;
  std::string complaint_;
};

}  // namespace answerable::channels
