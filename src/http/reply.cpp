#include "http/reply.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace answerable::http {

net::Response json_response(int status, std::string body) {
  return net::Response::text(status, std::move(body), "application/json");
}

net::Response no_content() {
  net::Response response;
  response.status = 204;
  return response;
}

Result<JsonReader> read_body(const Call& call) { return JsonReader::parse(call.request.body); }

Status finish_body(Call& call, JsonReader& body) {
  auto status = body.finish();
  if (!status) call.fields = body.take_errors();
  return status;
}

Status check_query(const Call& call, std::initializer_list<std::string_view> known) {
  std::string_view rest = call.request.query;
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const auto name = pair.substr(0, pair.find('='));
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::vector<std::string> names(known.begin(), known.end());
    constexpr std::size_t shown_max = 60;
    auto detail = "There is no parameter \"" + one_line(to_valid_utf8(name), shown_max) + "\".";
    if (const auto meant = nearest(name, names)) detail += " Did you mean \"" + std::string(*meant) + "\"?";
    return fail(ErrorKind::invalid, "bad_query", std::move(detail));
  }
  return {};
}

Result<std::int64_t> query_number(const Call& call, std::string_view name, std::int64_t standard, std::int64_t most) {
  const auto text = call.request.query_parameter(name);
  if (!text) return standard;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < 0 || number > most)
    return fail(ErrorKind::invalid, "bad_query",
                std::string(name) + " is a whole number from 0 to " + std::to_string(most) + ".");
  return number;
}

Result<int> query_limit(const Call& call, int standard, int most) {
  TRY(const auto number, query_number(call, "limit", standard, most));
  if (number == 0) return fail(ErrorKind::invalid, "bad_query", "limit is from 1 to " + std::to_string(most) + ".");
  return static_cast<int>(number);
}

}  // namespace answerable::http
