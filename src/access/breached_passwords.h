// Passwords that were found in breaches of others, as the operator has them in a file: the SHA-1 of each in
// hexadecimal, one a line, in ascending order, perhaps a colon and a number behind it. That is the form of the lists
// that can be had (docs/operations/access.md); they have tens of gigabytes, so the file is searched where it lies, some
// 36 short reads a password, and nobody else is asked. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::access {

class BreachedPasswords {
 public:
  // The first and the last line are looked at. Errors: invalid "breached_passwords_unreadable" with what is wrong.
  // An empty path: nothing.
  static Result<std::shared_ptr<const BreachedPasswords>> open(const std::string& path);
  ~BreachedPasswords();
  BreachedPasswords(const BreachedPasswords&) = delete;
  BreachedPasswords& operator=(const BreachedPasswords&) = delete;

  // As it was typed. Errors: unavailable "breached_passwords_unreadable".
  Result<bool> contains(std::string_view password) const;

 private:
  struct Line {
    std::int64_t begin = 0, end = 0;  // of the next line
    std::string hash;
  };
  BreachedPasswords(int file, std::int64_t size) : file_(file), size_(size) {}
  Result<Line> line_at(std::int64_t offset) const;

  const int file_;
  const std::int64_t size_;
};

}  // namespace answerable::access
