#include "http/problem.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.h"
#include "http/json_writer.h"

namespace answerable::http {
namespace {

constexpr std::int64_t retry_after_unavailable_ms = 2'000;

// What the kind alone does not say.
constexpr std::array<std::pair<std::string_view, int>, 29> statuses{{
    {"bad_json", 400},
    {"bad_cursor", 400},
    {"bad_id", 400},
    {"bad_query", 400},
    {"bad_header", 400},
    {"bad_path", 400},
    {"bad_limit", 400},
    {"body_not_allowed", 400},
    {"unsupported_media_type", 415},
    {"query_too_long", 400},
    {"version_mismatch", 412},
    {"resync_needed", 410},
    {"upload_too_large", 413},
    {"body_too_large", 413},
    {"message_too_large", 413},
    {"storage_full", 503},
    {"write_queue_full", 503},
    {"intake_full", 503},
    {"idempotency_mismatch", 422},
    {"too_many_users", 409},
    {"too_many_api_keys", 409},
    {"seats_used_up", 409},
    {"channels_used_up", 409},
    {"feature_not_agreed", 409},
    {"messages_used_up", 409},
    {"storage_used_up", 409},
    {"attachment_too_large", 413},
    {"connections_used_up", 409},
    {"malformed_request", 400},
}};

std::string_view title_of(int status) {
  switch (status) {
    case 400: return "The request is malformed";
    case 401: return "Not signed in";
    case 403: return "Not allowed";
    case 404: return "Not found";
    case 405: return "Method not allowed";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Changed meanwhile";
    case 413: return "Too large";
    case 415: return "Unsupported media type";
    case 422: return "A value is not valid";
    case 429: return "Too many requests";
    case 503: return "Not available now";
    default: return net::reason_phrase(status);
  }
}

std::string code_of(const Error& error, int status) {
  if (status == 500) return "internal";                        // the real code is in the log: it names our parts
  if (error.kind == ErrorKind::suspended) return "suspended";  // what is suspended, and why, says the detail
  if (error.code.empty()) return std::string(to_string(error.kind));
  return error.code;
}

std::string encode(const Error& error, const ProblemContext& context, int status) {
  const auto code = code_of(error, status);
  JsonWriter out;
  out.begin_object();
  out.member("type", std::string(problem_type_base) + code);
  out.member("title", title_of(status));
  out.member("status", status);
  out.member("detail",
             status == 500 ? "This is our mistake. Report it with the request_id." : std::string_view(error.detail));
  out.member("code", code);
  out.member("request_id", context.request_id);
  if (!context.fields.empty()) {
    out.key("errors").begin_array();
    for (const auto& field : context.fields) {
      out.begin_object();
      out.member("field", field.field).member("code", field.code).member("detail", field.detail);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  return out.take();
}

}  // namespace

int status_of(const Error& error) {
  const auto found =
      std::find_if(statuses.begin(), statuses.end(), [&](const auto& entry) { return entry.first == error.code; });
  if (found != statuses.end()) return found->second;
  return error.kind == ErrorKind::invalid ? 422 : net::default_status(error.kind);  // 400 is for what is no JSON
}

net::Response problem(const Error& error, const ProblemContext& context) {
  const auto status = context.status != 0 ? context.status : status_of(error);
  if (status == 500) log::error("request_failed", error);
  auto response = net::Response::text(status, encode(error, context, status), "application/problem+json");
  auto wait_ms = context.retry_after_ms;
  if (wait_ms == 0 && status == 503) wait_ms = retry_after_unavailable_ms;
  if (wait_ms > 0) response.headers.set("Retry-After", std::to_string((wait_ms + 999) / 1000));
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"answerable\"");
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Security-Policy", data_policy);
  return response;
}

net::Response server_error_answer(const Error& error, const net::ErrorContext& context) {
  return problem(error, {.request_id = context.request_id, .status = context.status});
}

}  // namespace answerable::http
