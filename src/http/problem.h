// The one form of error of the whole API: problem details (RFC 9457), and the one place that turns kinds of errors into
// statuses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/json_reader.h"
#include "net/http.h"

namespace answerable::http {

inline constexpr std::string_view problem_type_base = "https://answerable.example/problems/";

// Nothing of ours is shown in a frame of another site; what has no policy of its own gets this one.
inline constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'";

int status_of(const Error& error);

struct ProblemContext {
  std::string_view request_id;
  std::vector<FieldError> fields = {};
  std::int64_t retry_after_ms = 0;  // 0: none, but for statuses that always say one
  int status = 0;                   // 0: by kind and code
};

net::Response problem(const Error& error, const ProblemContext& context);
// For net::Router::set_error_answer.
net::Response server_error_answer(const Error& error, const net::ErrorContext& context);

}  // namespace answerable::http
