// SQL text and values. Text exists only as a literal in our source: there is no way to build it from input.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/id.h"

namespace answerable::store {

// The same text runs on SQLite 3.40 and PostgreSQL 15: $1 placeholders, RETURNING, ON CONFLICT, row values. The address
// of the literal is the key of the prepared-statement cache.
class Sql {
 public:
  consteval Sql(const char* literal) : text_(literal) {}
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Bytes as opposed to text: bytea in PostgreSQL, BLOB in SQLite. Borrowed; must live until the call returns.
struct Bytes {
  std::string_view data;
};

// One bound value. Strings are borrowed: they must live until the call returns. Text must be valid UTF-8 without NUL.
class Value {
 public:
  using Content = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, Bytes>;

  Value(std::nullptr_t) : content_(nullptr) {}
  Value(std::int64_t number) : content_(number) {}
  Value(int number) : content_(std::int64_t{number}) {}
  Value(bool flag) : content_(std::int64_t{flag ? 1 : 0}) {}
  Value(double number) : content_(number) {}
  Value(Time time) : content_(time.ms) {}
  Value(std::string_view text) : content_(text) {}
  Value(const std::string& text) : content_(std::string_view(text)) {}
  Value(const char* text) : content_(std::string_view(text)) {}
  Value(Bytes bytes) : content_(bytes) {}
  template <class Tag>
  Value(const Id<Tag>& id) : content_(Bytes{id.bytes()}) {}
  template <class T>
  Value(const std::optional<T>& maybe) : content_(nullptr) {
    if (maybe) content_ = Value(*maybe).content_;
  }

  const Content& content() const { return content_; }

 private:
  Content content_;
};

using Values = std::initializer_list<Value>;

// One row of an answer; columns from 0. Views die with the next row. A wrong type is our mistake and aborts.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;  // NULL reads as 0
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;   // NULL reads as ""
  virtual std::string_view bytes(int column) const = 0;  // NULL reads as ""

  bool flag(int column) const { return integer(column) != 0; }
  Time time(int column) const { return Time{integer(column)}; }
  std::string string(int column) const { return std::string(text(column)); }
  template <class AnyId>
  AnyId id(int column) const {
    return AnyId::from_bytes(bytes(column));
  }
  template <class AnyId>
  std::optional<AnyId> maybe_id(int column) const {
    if (is_null(column)) return std::nullopt;
    return id<AnyId>(column);
  }
  std::optional<Time> maybe_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
  }
};

}  // namespace answerable::store
