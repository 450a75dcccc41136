#include "store/sqlite/statement.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/ensure.h"

namespace answerable::store {
namespace {

int bind_one(sqlite3_stmt* handle, int position, const Value::Content& content) {
  if (auto* number = std::get_if<std::int64_t>(&content)) return sqlite3_bind_int64(handle, position, *number);
  if (auto* real = std::get_if<double>(&content)) return sqlite3_bind_double(handle, position, *real);
  // Borrowed until the call returns, so nothing is copied. A null pointer would bind NULL instead of an empty value.
  if (auto* text = std::get_if<std::string_view>(&content))
    return sqlite3_bind_text64(handle, position, text->data() ? text->data() : "", text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  if (auto* bytes = std::get_if<Bytes>(&content))
    return sqlite3_bind_blob64(handle, position, bytes->data.data() ? bytes->data.data() : "", bytes->data.size(),
                               SQLITE_STATIC);
  return sqlite3_bind_null(handle, position);
}

}  // namespace

int prepare(sqlite3* connection, std::string_view text, bool lasting, Statement& statement) {
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  auto flags = lasting ? static_cast<unsigned>(SQLITE_PREPARE_PERSISTENT) : 0U;
  int code = sqlite3_prepare_v3(connection, text.data(), static_cast<int>(text.size()), flags, &handle, &rest);
  statement.handle.reset(handle);
  if (code != SQLITE_OK) return code;
  ensure(handle != nullptr && rest == text.data() + text.size(),
         "a statement must be exactly one: " + std::string(text));
  statement.text = text;
  statement.reads_only = sqlite3_stmt_readonly(handle) != 0;
  int count = sqlite3_bind_parameter_count(handle);
  statement.positions.assign(static_cast<std::size_t>(count), 0);
  for (int position = 1; position <= count; ++position) {
    std::string_view name = sqlite3_bind_parameter_name(handle, position);
    int number = 0;
    auto parsed = std::from_chars(name.data() + 1, name.data() + name.size(), number);
    ensure(name.front() == '$' && parsed.ptr == name.data() + name.size() && number >= 1 && number <= count,
           "placeholders must be $1 to $n: " + std::string(text));
    statement.positions[static_cast<std::size_t>(number - 1)] = position;
  }
  return SQLITE_OK;
}

int StatementCache::find(sqlite3* connection, Sql sql, Statement*& statement) {
  auto [at, added] = statements_.try_emplace(sql.text().data());
  statement = &at->second;
  if (!added) {
    ensure(statement->text == sql.text(), "one address, two statements: " + std::string(sql.text()));
    return SQLITE_OK;
  }
  int code = prepare(connection, sql.text(), true, *statement);
  if (code != SQLITE_OK) statements_.erase(at);
  return code;
}

int bind(Statement& statement, Values values) {
  ensure(values.size() == statement.positions.size(), "wrong number of values for: " + std::string(statement.text));
  auto position = statement.positions.begin();
  for (const auto& value : values) {
    if (int code = bind_one(statement.handle.get(), *position++, value.content()); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

void SqliteRow::wrong_type(int column, std::string_view wanted) const {
  ensure(false,
         "column " + std::to_string(column) + " is no " + std::string(wanted) + " in: " + std::string(statement_.text));
  std::abort();
}

int SqliteRow::type_of(int column) const {
  if (column < 0 || column >= columns_) wrong_type(column, "column");
  return sqlite3_column_type(handle_, column);
}

bool SqliteRow::is_null(int column) const { return type_of(column) == SQLITE_NULL; }

std::int64_t SqliteRow::integer(int column) const {
  auto type = type_of(column);
  if (type == SQLITE_INTEGER) return sqlite3_column_int64(handle_, column);
  if (type != SQLITE_NULL) wrong_type(column, "integer");
  return 0;
}

double SqliteRow::real(int column) const {
  auto type = type_of(column);
  if (type == SQLITE_FLOAT || type == SQLITE_INTEGER) return sqlite3_column_double(handle_, column);
  if (type != SQLITE_NULL) wrong_type(column, "real");
  return 0;
}

std::string_view SqliteRow::text(int column) const {
  auto type = type_of(column);
  if (type == SQLITE_NULL) return {};
  if (type != SQLITE_TEXT) wrong_type(column, "text");
  auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string_view SqliteRow::bytes(int column) const {
  auto type = type_of(column);
  if (type == SQLITE_NULL) return {};
  if (type != SQLITE_BLOB) wrong_type(column, "bytes");
  auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

}  // namespace answerable::store
