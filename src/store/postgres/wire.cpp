#include "store/postgres/wire.h"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "base/ensure.h"

namespace answerable::store {
namespace {

std::array<char, 8> big_endian(std::uint64_t value) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(value >> (56 - 8 * i));
  return bytes;
}

std::uint64_t unsigned_of(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
  return value;
}

std::int64_t int16_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::int16_t>(unsigned_of(bytes.substr(at, 2)));
}

// numeric: count of base-10,000 digits, weight of the first, sign, scale, digits. sum() of bigint is one.
double numeric_to_real(std::string_view bytes) {
  double value = 0;
  for (std::int64_t i = 0; i < int16_at(bytes, 0); ++i) {
    auto exponent = 4.0 * static_cast<double>(int16_at(bytes, 2) - i);
    value += static_cast<double>(int16_at(bytes, static_cast<std::size_t>(8 + 2 * i))) * std::pow(10.0, exponent);
  }
  return int16_at(bytes, 4) == 0 ? value : -value;
}

// Nothing when it is no whole number of 64 bits.
std::optional<std::int64_t> numeric_to_integer(std::string_view bytes) {
  auto digits = int16_at(bytes, 0);
  auto weight = int16_at(bytes, 2);
  if (weight > 4 || digits > weight + 1) return std::nullopt;
  std::int64_t value = 0;
  for (std::int64_t i = 0; i <= weight; ++i) {
    auto digit = i < digits ? int16_at(bytes, static_cast<std::size_t>(8 + 2 * i)) : 0;
    if (__builtin_mul_overflow(value, 10'000, &value) || __builtin_add_overflow(value, digit, &value))
      return std::nullopt;
  }
  return int16_at(bytes, 4) == 0 ? value : -value;
}

}  // namespace

Parameters::Parameters(Values values) {
  for (const auto& value : values) add(value.content());
  formats.assign(types.size(), 1);
}

void Parameters::add(const Value::Content& content) {
  auto put = [this](Oid type, const char* bytes, std::size_t size) {
    types.push_back(type);
    data.push_back(bytes);
    lengths.push_back(static_cast<int>(size));
  };
  if (auto* number = std::get_if<std::int64_t>(&content)) {
    auto& bytes = numbers_.emplace_back(big_endian(static_cast<std::uint64_t>(*number)));
    return put(oid::int8, bytes.data(), bytes.size());
  }
  if (auto* real = std::get_if<double>(&content)) {
    auto& bytes = numbers_.emplace_back(big_endian(std::bit_cast<std::uint64_t>(*real)));
    return put(oid::float8, bytes.data(), bytes.size());
  }
  // A null pointer would mean NULL.
  if (auto* text = std::get_if<std::string_view>(&content))
    return put(oid::text, text->data() ? text->data() : "", text->size());
  if (auto* bytes = std::get_if<Bytes>(&content))
    return put(oid::bytea, bytes->data.data() ? bytes->data.data() : "", bytes->data.size());
  put(0, nullptr, 0);
}

void PostgresRow::wrong_type(int column, std::string_view wanted) const {
  ensure(false, "column " + std::to_string(column) + " is no " + std::string(wanted) + " in: " + std::string(sql_));
  std::abort();
}

bool PostgresRow::is_null(int column) const {
  if (column < 0 || column >= PQnfields(result_)) wrong_type(column, "column");
  return PQgetisnull(result_, row_, column) != 0;
}

std::string_view PostgresRow::raw(int column) const {
  return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::int64_t PostgresRow::integer(int column) const {
  if (is_null(column)) return 0;
  auto bytes = raw(column);
  switch (PQftype(result_, column)) {
    case oid::int8: return static_cast<std::int64_t>(unsigned_of(bytes));
    case oid::int4: return static_cast<std::int32_t>(unsigned_of(bytes));
    case oid::int2: return static_cast<std::int16_t>(unsigned_of(bytes));
    case oid::boolean: return bytes[0] != 0;
    case oid::numeric:
      if (auto value = numeric_to_integer(bytes)) return *value;
      [[fallthrough]];
    default: wrong_type(column, "integer");
  }
}

double PostgresRow::real(int column) const {
  if (is_null(column)) return 0;
  switch (PQftype(result_, column)) {
    case oid::float8: return std::bit_cast<double>(unsigned_of(raw(column)));
    case oid::float4: return std::bit_cast<float>(static_cast<std::uint32_t>(unsigned_of(raw(column))));
    case oid::numeric: return numeric_to_real(raw(column));
    default: return static_cast<double>(integer(column));
  }
}

std::string_view PostgresRow::text(int column) const {
  if (is_null(column)) return {};
  switch (PQftype(result_, column)) {
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
    case oid::json:
    case oid::unknown: return raw(column);
    default: wrong_type(column, "text");
  }
}

std::string_view PostgresRow::bytes(int column) const {
  if (is_null(column)) return {};
  if (PQftype(result_, column) != oid::bytea) wrong_type(column, "bytes");
  return raw(column);
}

}  // namespace answerable::store
