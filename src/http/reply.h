// Small pieces that every resource uses: JSON answers, ids and numbers from the path and the query.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/json_writer.h"
#include "http/route.h"

namespace answerable::http {

inline constexpr int page_default = 50;
inline constexpr int page_max = 100;

net::Response json_response(int status, std::string body);
inline net::Response json_response(int status, JsonWriter& out) { return json_response(status, out.take()); }
net::Response no_content();

// The body as a strict reader. Errors: invalid "bad_json".
Result<JsonReader> read_body(const Call& call);
// Ends the reading: when a field was wrong the call gets the list of them. Errors: invalid "fields_invalid".
Status finish_body(Call& call, JsonReader& body);

// Errors: invalid "bad_query" when there are parameters beyond those named: a mistyped filter must not show everything.
Status check_query(const Call& call, std::initializer_list<std::string_view> known);
// `limit`: 1 to `most`. Errors: invalid "bad_query".
Result<int> query_limit(const Call& call, int standard = page_default, int most = page_max);
Result<std::int64_t> query_number(const Call& call, std::string_view name, std::int64_t standard, std::int64_t most);

// Errors: invalid "bad_id".
template <class AnyId>
Result<AnyId> path_id(const Call& call, std::string_view name = "id") {
  auto id = AnyId::parse(call.request.path_parameter(name));
  if (!id) return fail(ErrorKind::invalid, "bad_id", "An id has the form of a UUID.");
  return *id;
}
template <class AnyId>
Result<std::optional<AnyId>> query_id(const Call& call, std::string_view name) {
  const auto text = call.request.query_parameter(name);
  if (!text) return std::optional<AnyId>();
  auto id = AnyId::parse(*text);
  if (!id) return fail(ErrorKind::invalid, "bad_query", std::string(name) + ": an id has the form of a UUID.");
  return id;
}

}  // namespace answerable::http
