// Reads a request body strictly: one JSON object, every member asked for by name, unknown members refused with the
// nearest known name. Collects all that is wrong with fields, so that one answer names everything. Limits: depth 16,
// and those of each field.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace answerable::http {

struct FieldError {
  std::string field;  // path with dots: "smtp.port", "tags.3"
  std::string code;   // "required", "wrong_type", "too_long", "too_short", "out_of_range", "not_allowed", "unknown"
  std::string detail;
};

struct TextLimits {
  std::size_t bytes_min = 0;
  std::size_t bytes_max = 0;
};

class JsonReader {
 public:
  static constexpr std::size_t depth_max = 16;

  // Errors: invalid "bad_json".
  static Result<JsonReader> parse(std::string_view body);
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;
  ~JsonReader();

  // Each notes the name as known. A member that is absent or null gives nothing; `need_` notes an error when it is so.
  std::optional<std::string> text(std::string_view name, TextLimits limits);
  std::string need_text(std::string_view name, TextLimits limits);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<bool> flag(std::string_view name);
  std::optional<Time> time(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name, TextLimits each, std::size_t count_max);
  // One of `allowed`, otherwise "not_allowed".
  std::optional<std::string> choice(std::string_view name, std::initializer_list<std::string_view> allowed);
  // A nested object: read it, then give it back to absorb(), which finishes it and takes its errors over.
  std::optional<JsonReader> object(std::string_view name);
  void absorb(std::string_view name, JsonReader& object);
  // A list of nested objects; absorb() each by its name, "texts.0".
  std::optional<std::vector<JsonReader>> objects(std::string_view name, std::size_t count_max);
  bool has(std::string_view name) const;      // present, even as null
  bool is_null(std::string_view name) const;  // present and null

  // For what the caller finds wrong itself.
  void refuse(std::string_view field, std::string_view code, std::string_view detail);
  // Errors: invalid "fields_invalid" when anything was wrong or a member was never asked for; errors() says what.
  Status finish();
  std::vector<FieldError> take_errors();

 private:
  struct State;
  explicit JsonReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The candidate that is nearest to `word` by edit distance, if one is near enough to be what was meant.
std::optional<std::string_view> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace answerable::http
