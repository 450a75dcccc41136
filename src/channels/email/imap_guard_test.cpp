#include "channels/email/imap_guard.h"

#include <doctest/doctest.h>

#include <functional>

namespace answerable::channels {
namespace {

const ImapGuardLimits small{.line_bytes_max = 20, .answer_bytes_max = 50, .literal_bytes_max = 30, .nesting_max = 3};

// At once and byte by byte: the same verdict.
bool passes(const std::string& bytes) {
  ImapGuard whole(small);
  ImapGuard parts(small);
  bool passed = true;
  for (char c : bytes) passed = parts.take({&c, 1}) && passed;
  CHECK(whole.take(bytes) == passed);
  CHECK(whole.complaint().empty() == passed);
  CHECK(parts.complaint().empty() == passed);
  return passed;
}

TEST_CASE("a line, a literal, brackets and an answer may be as large as their limit and no larger") {
  CHECK(passes(std::string(18, 'a') + "\r\n" + std::string(18, 'b') + "\r\n"));
  CHECK_FALSE(passes(std::string(19, 'a') + "\r\n"));
  CHECK(passes("{30}\r\n" + std::string(30, '(') + "end\r\n"));
  CHECK_FALSE(passes("{31}\r\n"));
  CHECK_FALSE(passes("{18446744073709551617}\r\n"));
  CHECK(passes("((()()))\r\n(((\r\n"));
  CHECK_FALSE(passes("((((\r\n"));
  CHECK_FALSE(passes("(({2}\r\nxx(("));  // a literal does not end the line
  CHECK(passes("a\r\n{28}\r\n" + std::string(28, '\n') + "0123456789\r\n"));
  CHECK_FALSE(passes("a\r\n{28}\r\n" + std::string(28, '\n') + "0123456789\r\n\r\n"));
}

TEST_CASE("what only looks like a literal is none, and the next command has the whole allowance") {
  CHECK(passes("{99} \r\n{99\r\n{9 9}\r\n99}\r\n"));
  ImapGuard guard(small);
  for (int command = 0; command < 5; ++command) {
    guard.begin_answer();
    CHECK(guard.take(std::string(18, 'a') + "\r\n" + std::string(18, 'a') + "\r\n"));
  }
  CHECK_FALSE(guard.take("0123456789a"));
  guard.begin_answer();
  CHECK_FALSE(guard.take("a"));
}

}  // namespace
}  // namespace answerable::channels
