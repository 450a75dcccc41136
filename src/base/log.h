// Structured log: an event name in snake_case and fields. Text on a terminal, one JSON object a line otherwise.
// Thread-safe. Secrets never go in: there is no field type for them, and values are not interpolated into the name.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::log {

enum class Level : std::uint8_t { debug, info, warning, error };
enum class Format : std::uint8_t { text, json };

struct Field {
  Field(std::string_view name, std::string_view value) : name(name), value(value) {}
  Field(std::string_view name, const char* value) : name(name), value(value) {}
  Field(std::string_view name, const std::string& value) : name(name), value(value) {}
  template <class Number>
    requires std::is_arithmetic_v<Number>
  Field(std::string_view name, Number value) : name(name), value(std::to_string(value)), is_number(true) {}

  std::string_view name;
  std::string value;
  bool is_number = false;
};

void configure(Level least, Format format);
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}
void error(std::string_view event, const Error& error);

}  // namespace answerable::log
