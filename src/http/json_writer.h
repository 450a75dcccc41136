// Writes JSON (RFC 8259) straight into one string: no tree, no allocation per value. Names and structure come from our
// code; only values come from outside. Text must be valid UTF-8, as everything in the database is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"

namespace answerable::http {

class JsonWriter {
 public:
  explicit JsonWriter(std::size_t reserve = 512) { out_.reserve(reserve); }

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  // `name` is a literal of ours and needs no escaping.
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& flag(bool value);
  JsonWriter& null();
  JsonWriter& time(Time value);
  JsonWriter& uuid(const Uuid& value);
  // JSON that is already encoded and trusted to be well formed (stored configuration).
  JsonWriter& raw(std::string_view json);

  template <class AnyId>
  JsonWriter& id(const AnyId& value) {
    return uuid(value.uuid);
  }

  // A member in one call; `text_or_null` writes null for an empty text.
  JsonWriter& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& member(std::string_view name, const char* value) { return key(name).text(value); }
  JsonWriter& member(std::string_view name, std::int64_t value) { return key(name).number(value); }
  JsonWriter& member(std::string_view name, int value) { return key(name).number(value); }
  JsonWriter& member(std::string_view name, bool value) { return key(name).flag(value); }
  JsonWriter& member(std::string_view name, Time value) { return key(name).time(value); }
  template <class Tag>
  JsonWriter& member(std::string_view name, const Id<Tag>& value) {
    return key(name).uuid(value.uuid);
  }
  template <class T>
  JsonWriter& member(std::string_view name, const std::optional<T>& value) {
    if (value) return member(name, *value);
    return key(name).null();
  }
  JsonWriter& text_or_null(std::string_view name, std::string_view value) {
    return value.empty() ? key(name).null() : key(name).text(value);
  }
  template <class Tag>
  JsonWriter& id_or_null(std::string_view name, const Id<Tag>& value) {
    return value.is_nil() ? key(name).null() : key(name).uuid(value.uuid);
  }

  std::size_t size() const { return out_.size(); }
  std::string take() { return std::move(out_); }
  const std::string& view() const { return out_; }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace answerable::http
