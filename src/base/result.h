// Result<T>: what every operation returns that a stranger, a network, a disk or a user can make fail.
// Exceptions never cross a folder boundary; our own mistakes abort through ensure().
#pragma once

#include <cstdint>
#include <expected>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

namespace answerable {

// Closed list. Each line says what the caller of the operation should do.
enum class ErrorKind : std::uint8_t {
  invalid,          // the input is wrong: correct it; trying again as it is will fail again
  unauthenticated,  // nobody is signed in, or the credential is not valid (any more): sign in
  denied,           // the actor is known and may not do this: ask an administrator
  suspended,        // the workspace or channel is suspended for this act: see the statement of reasons
  not_found,        // there is no such thing, or the actor may not know of it
  conflict,         // somebody else was faster, or the thing exists already: load again, then decide
  limited,          // a limit is reached (rate, size, quota): wait, or send less
  unavailable,      // a part that we need does not answer now: try again later
  internal,         // our mistake: report it with the request id
};

std::string_view to_string(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string code;    // stable snake_case name for clients, e.g. "message_too_large"
  std::string detail;  // one English sentence that says what to do; safe to show to the caller
  std::source_location where = std::source_location::current();
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string_view code, std::string detail = {},
                                                 std::source_location where = std::source_location::current()) {
  return std::unexpected<Error>(Error{kind, std::string(code), std::move(detail), where});
}

}  // namespace answerable

#define ANSWERABLE_JOIN2(a, b) a##b
#define ANSWERABLE_JOIN(a, b) ANSWERABLE_JOIN2(a, b)
#define ANSWERABLE_TRY(slot, declaration, expression, leave) \
  auto slot = (expression);                                  \
  if (!slot) leave std::unexpected(std::move(slot).error()); \
  declaration = *std::move(slot)
// TRY(auto x, f());  binds the value of a Result or returns its error to the caller. A statement, never an expression.
#define TRY(declaration, ...) ANSWERABLE_TRY(ANSWERABLE_JOIN(try_, __LINE__), declaration, (__VA_ARGS__), return)
// TRY_STATUS(f());  the same for Status.
#define TRY_STATUS(...)                                                                                      \
  do {                                                                                                       \
    if (auto try_status = (__VA_ARGS__); !try_status) return std::unexpected(std::move(try_status).error()); \
  } while (false)
