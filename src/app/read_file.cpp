#include "app/read_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

namespace answerable::app {

namespace {

std::unexpected<Error> unreadable(const std::string& file, ErrorKind kind) {
  return fail(kind, "unreadable", file + ": " + std::strerror(errno));
}

}  // namespace

Result<std::string> read_file(const std::string& file) {
  std::stringstream content;
  if (file == "-") {
    content << std::cin.rdbuf();
    return content.str();
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream.is_open()) return unreadable(file, ErrorKind::not_found);
  // An empty file sets failbit on `content` without anything being wrong; a folder can be opened but not read.
  if (stream.peek() == std::ifstream::traits_type::eof()) {
    if (stream.bad() || errno == EISDIR) return unreadable(file, ErrorKind::invalid);
    return std::string();
  }
  content << stream.rdbuf();
  if (stream.bad()) return unreadable(file, ErrorKind::invalid);
  return content.str();
}

}  // namespace answerable::app
