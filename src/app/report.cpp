#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "app/commands.h"

namespace answerable::app {

int report(const Error& error) {
  fmt::print(stderr, "answerable: {} ({})\n", error.detail.empty() ? std::string(to_string(error.kind)) : error.detail,
             error.code);
  if (error.code == "database_in_use") return exit_running;
  switch (error.kind) {
    case ErrorKind::invalid: return error.code.starts_with("configuration_") ? exit_configuration : exit_usage;
    case ErrorKind::not_found: return exit_not_found;
    case ErrorKind::denied:
    case ErrorKind::unauthenticated:
    case ErrorKind::suspended: return exit_refused;
    case ErrorKind::unavailable: return exit_unavailable;
    case ErrorKind::conflict:
    case ErrorKind::limited:
    case ErrorKind::internal: return exit_failed;
  }
  return exit_failed;
}

Result<std::string> read_line_from_stdin() {
  std::string line;
  if (!std::getline(std::cin, line))
    return fail(ErrorKind::invalid, "no_input", "Write the password as the first line of stdin.");
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace answerable::app
