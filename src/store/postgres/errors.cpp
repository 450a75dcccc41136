#include "store/postgres/errors.h"

#include <utility>

#include "base/log.h"

namespace answerable::store {
namespace {

using Kind = Trouble::Kind;

struct Meaning {
  std::string_view state;  // or its first characters
  ErrorKind kind;
  std::string_view code, detail;
  std::optional<Kind> trouble;
};

constexpr Meaning meanings[] = {
    {"23505", ErrorKind::conflict, "unique_violation", "It exists already.", {}},
    {"23503", ErrorKind::conflict, "foreign_key_violation", "It refers to something that does not exist.", {}},
    {"23", ErrorKind::internal, "constraint_violation", "A stored value breaks a rule of the database.", {}},
    {"40001", ErrorKind::conflict, "serialization_failure", "Somebody else wrote the same data: try again.",
     Kind::repeat},
    {"40P01", ErrorKind::conflict, "serialization_failure", "Somebody else wrote the same data: try again.",
     Kind::repeat},
    {"53100", ErrorKind::limited, "storage_full", "The disk is full: free some space.", Kind::refused},
    {"53", ErrorKind::unavailable, "database_unavailable", "The database server is short of something.", Kind::refused},
    {"22021", ErrorKind::invalid, "text_not_utf8", "A text is not valid UTF-8.", {}},
    {"22P05", ErrorKind::invalid, "text_not_utf8", "A text is not valid UTF-8.", {}},
    {"25006", ErrorKind::internal, "database_read_only", "The database was opened for reading only.", Kind::refused},
    {"54", ErrorKind::limited, "value_too_large", "A value is larger than the database takes.", {}},
    {"57014", ErrorKind::unavailable, "interrupted", "The query took too long.", Kind::refused},
    {"55P03", ErrorKind::unavailable, "database_busy", "Another program locks the database: try again.", Kind::refused},
    {"57", ErrorKind::unavailable, "database_unavailable", "The database server is not there: try again.",
     Kind::refused},
    {"58", ErrorKind::unavailable, "database_unavailable", "The database server reports a disk error.", Kind::refused},
    {"08", ErrorKind::unavailable, "database_unavailable", "The database server is not there: try again.",
     Kind::refused},
    {"XX001", ErrorKind::unavailable, "database_damaged", "The database is damaged: restore a backup.", Kind::fatal},
    {"XX002", ErrorKind::unavailable, "database_damaged", "The database is damaged: rebuild its indexes.", Kind::fatal},
    {"", ErrorKind::internal, "wrong_sql", "A statement does not fit the database.", {}},
};

}  // namespace

PostgresFailure classify_postgres(std::string_view sqlstate, std::string_view message, std::string_view sql,
                                  bool is_lost) {
  // The server gives each of its errors a state: where there is none the library has spoken of the connection, which it
  // may still hold for good then.
  if (is_lost || sqlstate.empty()) sqlstate = "08006";
  for (const auto& meaning : meanings) {
    if (!sqlstate.starts_with(meaning.state)) continue;
    if (meaning.kind != ErrorKind::conflict)
      log::error("postgres_error", {{"sqlstate", sqlstate}, {"message", message}, {"sql", sql}});
    return {Error{meaning.kind, std::string(meaning.code), std::string(meaning.detail)}, meaning.trouble};
  }
  std::unreachable();  // the last meaning fits everything
}

}  // namespace answerable::store
