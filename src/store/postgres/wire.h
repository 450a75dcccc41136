// Values in PostgreSQL's binary format, and the typed columns of an answer.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "store/sql.h"

namespace answerable::store {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, ClearResult>;

// Numbers of built-in types (pg_type.dat): they never change.
namespace oid {
inline constexpr Oid boolean = 16, bytea = 17, name = 19, int8 = 20, int2 = 21, int4 = 23, text = 25, json = 114,
                     float4 = 700, float8 = 701, unknown = 705, bpchar = 1042, varchar = 1043, numeric = 1700;
}

// The parameters of one statement; borrows the texts of the values.
class Parameters {
 public:
  explicit Parameters(Values values);
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;

  int count() const { return static_cast<int>(types.size()); }

  std::vector<Oid> types;  // 0 for NULL: the server infers it
  std::vector<const char*> data;
  std::vector<int> lengths;
  std::vector<int> formats;  // all binary

 private:
  void add(const Value::Content& content);
  std::deque<std::array<char, 8>> numbers_;
};

class PostgresRow final : public Row {
 public:
  PostgresRow(const PGresult* result, std::string_view sql) : result_(result), sql_(sql) {}
  void move_to(int row) { row_ = row; }

  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  std::string_view bytes(int column) const override;

 private:
  std::string_view raw(int column) const;
  [[noreturn]] void wrong_type(int column, std::string_view wanted) const;

  const PGresult* result_;
  std::string_view sql_;
  int row_ = 0;
};

}  // namespace answerable::store
