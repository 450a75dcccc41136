#include "store/migrate.h"

#include <map>
#include <set>
#include <string>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/ensure.h"
#include "base/log.h"

namespace answerable::store {
namespace {

using Recorded = std::map<std::string, std::string, std::less<>>;  // name -> hash

// Over all three texts: an edit for either engine is an edit of something published.
std::string hash_of(const Migration& migration) {
  std::string text;
  for (auto part : {migration.name, migration.sql, migration.sqlite_only, migration.postgres_only}) {
    text += part;
    text += '\0';
  }
  return to_hex(as_bytes(sha256(text)));
}

std::string_view folder_of(std::string_view name) { return name.substr(0, name.find('/')); }

Result<Recorded> recorded(Session& session) {
  Recorded list;
  TRY_STATUS(session.each("select name, hash from schema_migrations", {},
                          [&](const Row& row) { list.emplace(row.string(0), row.string(1)); }));
  return list;
}

Status check(const Recorded& recorded, std::span<const Migration> migrations) {
  std::set<std::string_view> folders;
  std::set<std::string_view> known;
  for (const auto& migration : migrations) {
    folders.insert(folder_of(migration.name));
    ensure(known.insert(migration.name).second, "two migrations have the same name");
    auto found = recorded.find(migration.name);
    if (found != recorded.end() && found->second != hash_of(migration))
      return fail(ErrorKind::conflict, "migration_changed",
                  "The database was made by a program whose migration \"" + std::string(migration.name) +
                      "\" differs from this program's: use the program that made it, or restore a backup.");
  }
  for (const auto& [name, hash] : recorded) {
    if (folders.contains(folder_of(name)) && !known.contains(name))
      return fail(
          ErrorKind::conflict, "database_newer",
          "The database knows the migration \"" + name + "\", which this program does not: use a newer program.");
  }
  return {};
}

// Two nodes may start at the same time on one PostgreSQL. The transaction must not look before its turn has come, and
// may take as long as an index on a large table takes.
Status take_turn(Driver& driver) {
  return driver.script(
      "set transaction isolation level read committed; set local statement_timeout = 0; set local lock_timeout = 0;"
      "select pg_advisory_xact_lock(20260101)");
}

Status in_transaction(Driver& driver, const std::function<Status()>& work) {
  TRY_STATUS(driver.begin());
  auto status = driver.engine() == Engine::postgres ? take_turn(driver) : Status();
  if (status) status = work();
  if (status) status = driver.commit();
  if (!status) driver.rollback();
  return status;
}

Status apply(Driver& driver, const Migration& migration, const Clock& clock) {
  auto only = driver.engine() == Engine::sqlite ? migration.sqlite_only : migration.postgres_only;
  if (!migration.sql.empty()) TRY_STATUS(driver.script(migration.sql));
  if (!only.empty()) TRY_STATUS(driver.script(only));
  Transaction tx(driver, clock);
  TRY_STATUS(tx.execute("insert into schema_migrations (name, applied_at, hash) values ($1, $2, $3)",
                        {migration.name, clock.now(), hash_of(migration)}));
  log::debug("migration_applied", {{"name", migration.name}});
  return {};
}

}  // namespace

Status apply_migrations(Driver& driver, std::span<const Migration> migrations, const Clock& clock) {
  Recorded done;
  TRY_STATUS(in_transaction(driver, [&]() -> Status {
    TRY_STATUS(
        driver.script("create table if not exists schema_migrations "
                      "(name text primary key, applied_at bigint not null, hash text not null)"));
    Session session(driver, clock);
    TRY(done, recorded(session));
    return check(done, migrations);
  }));
  for (const auto& migration : migrations) {
    if (done.contains(migration.name)) continue;
    TRY_STATUS(in_transaction(driver, [&]() -> Status {
      Session session(driver, clock);
      TRY(auto now, recorded(session));
      return now.contains(migration.name) ? check(now, migrations) : apply(driver, migration, clock);
    }));
  }
  return {};
}

}  // namespace answerable::store
