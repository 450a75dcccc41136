#include "http/problem.h"

#include <doctest/doctest.h>

namespace answerable::http {
namespace {

TEST_CASE("each kind of error has its status and never tells of our insides") {
  const auto status = [](ErrorKind kind, std::string_view code) {
    return status_of(Error{.kind = kind, .code = std::string(code)});
  };
  CHECK(status(ErrorKind::invalid, "name_invalid") == 422);
  CHECK(status(ErrorKind::invalid, "bad_json") == 400);
  CHECK(status(ErrorKind::conflict, "version_mismatch") == 412);
  CHECK(status(ErrorKind::limited, "storage_full") == 503);
  CHECK(status(ErrorKind::limited, "rate_limited") == 429);
  CHECK(status(ErrorKind::suspended, "sending_suspended") == 403);
  CHECK(problem(Error{.kind = ErrorKind::suspended, .code = "sending_suspended"}, {})
            .body.find("\"code\":\"suspended\"") != std::string::npos);
  const auto response =
      problem(Error{.kind = ErrorKind::internal, .code = "sql_broken", .detail = "select secret"}, {.request_id = "r"});
  CHECK(response.status == 500);
  CHECK(response.body.find("sql_broken") == std::string::npos);
  CHECK(response.body.find("secret") == std::string::npos);
  CHECK(problem(Error{.kind = ErrorKind::unavailable}, {}).headers.find("Retry-After") == "2");
}

}  // namespace
}  // namespace answerable::http
