#include "http/json_reader.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/edit_distance.h"
#include "base/utf8.h"

namespace answerable::http {
namespace json = boost::json;
namespace {

constexpr std::size_t errors_max = 50;  // more are not listed: the first fifty are enough to work with
constexpr std::size_t shown_name_bytes_max = 60;

}  // namespace

std::optional<std::string_view> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t word_max = 64;  // the distance costs the product of the lengths
  if (word.size() > word_max) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

struct JsonReader::State {
  json::object object;
  std::vector<std::string> known;
  std::vector<FieldError> errors;

  const json::value* find(std::string_view name) {
    if (std::find(known.begin(), known.end(), name) == known.end()) known.emplace_back(name);
    const auto* value = object.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  void refuse(std::string field, std::string_view code, std::string detail) {
    if (errors.size() < errors_max) errors.push_back({std::move(field), std::string(code), std::move(detail)});
  }
  std::optional<std::string> checked_text(std::string field, const json::value& value, TextLimits limits);
};

std::optional<std::string> JsonReader::State::checked_text(std::string field, const json::value& value,
                                                           TextLimits limits) {
  if (!value.is_string()) {
    refuse(std::move(field), "wrong_type", "This must be a text.");
    return std::nullopt;
  }
  const std::string_view text(value.get_string().data(), value.get_string().size());
  if (text.size() > limits.bytes_max) {
    refuse(std::move(field), "too_long", "At most " + std::to_string(limits.bytes_max) + " bytes.");
    return std::nullopt;
  }
  if (text.size() < limits.bytes_min) {
    refuse(std::move(field), "too_short", "At least " + std::to_string(limits.bytes_min) + " bytes.");
    return std::nullopt;
  }
  if (text.find('\0') != std::string_view::npos || !is_valid_utf8(text)) {
    refuse(std::move(field), "not_allowed", "The character NUL and broken UTF-8 are not allowed.");
    return std::nullopt;
  }
  return std::string(text);
}

JsonReader::JsonReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;
JsonReader::~JsonReader() = default;

Result<JsonReader> JsonReader::parse(std::string_view body) {
  json::parse_options options;
  options.max_depth = depth_max;
  json::error_code error;
  json::stream_parser parser(json::storage_ptr(), options);
  const auto read = parser.write_some(body.data(), body.size(), error);
  if (!error && read == body.size()) parser.finish(error);
  if (error || read != body.size() || !parser.done())
    return fail(ErrorKind::invalid, "bad_json", "The body is not one JSON value (RFC 8259), or nested deeper than 16.");
  auto value = parser.release();
  if (!value.is_object()) return fail(ErrorKind::invalid, "bad_json", "The body must be a JSON object.");
  auto state = std::make_unique<State>();
  state->object = std::move(value.get_object());
  return JsonReader(std::move(state));
}

std::optional<std::string> JsonReader::text(std::string_view name, TextLimits limits) {
  const auto* value = state_->find(name);
  if (value == nullptr) return std::nullopt;
  return state_->checked_text(std::string(name), *value, limits);
}

std::string JsonReader::need_text(std::string_view name, TextLimits limits) {
  if (state_->find(name) == nullptr) {
    refuse(name, "required", "This is needed.");
    return {};
  }
  return text(name, limits).value_or(std::string());
}

std::optional<std::int64_t> JsonReader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = state_->find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_int64()) {
    refuse(name, value->is_uint64() ? "out_of_range" : "wrong_type", "This must be a whole number.");
    return std::nullopt;
  }
  const auto number = value->get_int64();
  if (number >= least && number <= most) return number;
  refuse(name, "out_of_range", "From " + std::to_string(least) + " to " + std::to_string(most) + ".");
  return std::nullopt;
}

std::optional<bool> JsonReader::flag(std::string_view name) {
  const auto* value = state_->find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  refuse(name, "wrong_type", "This must be true or false.");
  return std::nullopt;
}

std::optional<Time> JsonReader::time(std::string_view name) {
  constexpr TextLimits limits{.bytes_min = 1, .bytes_max = 40};
  const auto given = text(name, limits);
  if (!given) return std::nullopt;
  auto time = parse_rfc3339(*given);
  if (!time) refuse(name, "not_allowed", "A time is written as in 2026-11-24T02:40:17Z (RFC 3339).");
  return time;
}

std::optional<std::vector<std::string>> JsonReader::texts(std::string_view name, TextLimits each,
                                                          std::size_t count_max) {
  const auto* value = state_->find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) {
    refuse(name, "wrong_type", "This must be a list of texts.");
    return std::nullopt;
  }
  const auto& list = value->get_array();
  if (list.size() > count_max) {
    refuse(name, "too_long", "At most " + std::to_string(count_max) + " entries.");
    return std::nullopt;
  }
  std::vector<std::string> out;
  for (const auto& item : list) {
    auto text = state_->checked_text(std::string(name) + "." + std::to_string(out.size()), item, each);
    if (!text) return std::nullopt;
    out.push_back(*std::move(text));
  }
  return out;
}

std::optional<std::string> JsonReader::choice(std::string_view name, std::initializer_list<std::string_view> allowed) {
  constexpr TextLimits limits{.bytes_min = 0, .bytes_max = 64};
  auto given = text(name, limits);
  if (!given || std::find(allowed.begin(), allowed.end(), *given) != allowed.end()) return given;
  std::string detail = "One of:";
  for (const auto candidate : allowed) detail.append(" ").append(candidate);
  refuse(name, "not_allowed", detail + ".");
  return std::nullopt;
}

std::optional<JsonReader> JsonReader::object(std::string_view name) {
  const auto* value = state_->find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_object()) {
    auto state = std::make_unique<State>();
    state->object = value->get_object();
    return JsonReader(std::move(state));
  }
  refuse(name, "wrong_type", "This must be an object.");
  return std::nullopt;
}

std::optional<std::vector<JsonReader>> JsonReader::objects(std::string_view name, std::size_t count_max) {
  const auto* value = state_->find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array() ||
      !std::ranges::all_of(value->get_array(), [](const json::value& one) { return one.is_object(); })) {
    refuse(name, "wrong_type", "This must be a list of objects.");
    return std::nullopt;
  }
  const auto& list = value->get_array();
  if (list.size() > count_max) {
    refuse(name, "too_long", "At most " + std::to_string(count_max) + " entries.");
    return std::nullopt;
  }
  std::vector<JsonReader> out;
  for (const auto& one : list) {
    auto state = std::make_unique<State>();
    state->object = one.get_object();
    out.push_back(JsonReader(std::move(state)));
  }
  return out;
}

void JsonReader::absorb(std::string_view name, JsonReader& object) {
  if (object.finish()) return;
  for (auto& error : object.take_errors())
    state_->refuse(std::string(name) + "." + error.field, error.code, std::move(error.detail));
}

bool JsonReader::has(std::string_view name) const { return state_->object.contains(name); }

bool JsonReader::is_null(std::string_view name) const {
  const auto* value = state_->object.if_contains(name);
  return value != nullptr && value->is_null();
}

void JsonReader::refuse(std::string_view field, std::string_view code, std::string_view detail) {
  state_->refuse(std::string(field), code, std::string(detail));
}

Status JsonReader::finish() {
  for (const auto& member : state_->object) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(state_->known.begin(), state_->known.end(), name) != state_->known.end()) continue;
    const auto meant = nearest(name, state_->known);
    auto detail = meant ? "There is no such field. Did you mean \"" + std::string(*meant) + "\"?"
                        : std::string("There is no such field.");
    state_->refuse(one_line(to_valid_utf8(name), shown_name_bytes_max), "unknown", std::move(detail));
  }
  if (state_->errors.empty()) return {};
  const auto& first = state_->errors.front();
  return fail(ErrorKind::invalid, "fields_invalid", first.field + ": " + first.detail);
}

std::vector<FieldError> JsonReader::take_errors() { return std::move(state_->errors); }

}  // namespace answerable::http
