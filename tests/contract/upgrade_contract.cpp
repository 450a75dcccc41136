// A database that an earlier program made becomes, by the migrations that it lacks, what a new one is.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "app/installation.h"
#include "contract/engines.h"

namespace answerable {
namespace {

using contract::Bed;
using store::Migration;
using store::Row;
using store::Session;

std::string_view folder_of(const Migration& migration) { return migration.name.substr(0, migration.name.find('/')); }

// What a program knew when each folder had at most so many migrations. One needs another folder's, and came after it.
std::vector<Migration> earlier(std::size_t of_each_folder) {
  constexpr std::string_view needed = "access/overwritten";
  constexpr std::string_view needing = "conversations/overwritten-moved";
  std::map<std::string_view, std::size_t> taken;
  std::vector<Migration> known;
  for (const auto& migration : app::all_migrations()) {
    if (taken[folder_of(migration)]++ < of_each_folder) known.push_back(migration);
  }
  if (std::ranges::find(known, needed, &Migration::name) == known.end())
    std::erase_if(known, [&](const Migration& migration) { return migration.name == needing; });
  return known;
}

std::size_t most_of_a_folder() {
  std::map<std::string_view, std::size_t> counts;
  std::size_t most = 0;
  for (const auto& migration : app::all_migrations()) most = std::max(most, ++counts[folder_of(migration)]);
  return most;
}

// Every table with its columns and every index, a line each.
std::vector<std::string> description(Bed& bed) {
  auto lines = bed.db().query([&](Session& session) {
    const auto read = [](const Row& row) { return std::string(row.string(0)); };
    return bed.engine() == store::Engine::sqlite
               ? session.all("select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_master order by 1", {},
                             read)
               : session.all(
                     "select (table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || "
                     "coalesce(column_default, ''))::text from information_schema.columns where table_schema = "
                     "current_schema() union all select replace(indexdef, current_schema(), '')::text from pg_indexes "
                     "where schemaname = current_schema() order by 1",
                     {}, read);
  });
  REQUIRE_MESSAGE(lines.has_value(), lines.error().detail);
  return *lines;
}

std::vector<std::string> made_by(Bed& bed, const std::vector<Migration>& first) {
  for (const auto& migrations : {first, app::all_migrations()}) {
    const auto status = bed.db().migrate(migrations);
    REQUIRE_MESSAGE(status.has_value(), status.error().detail);
  }
  return description(bed);
}

}  // namespace

TEST_CASE("a database of any earlier step becomes what a new one is") {
  std::map<store::Engine, std::vector<std::string>> fresh;
  contract::on_each_engine({}, [&](Bed& bed) { fresh[bed.engine()] = made_by(bed, {}); });
  for (std::size_t step = 1; step < most_of_a_folder(); step += step < 4 ? 1 : 4) {
    CAPTURE(step);
    contract::on_each_engine({}, [&](Bed& bed) {
      const auto upgraded = made_by(bed, earlier(step));
      REQUIRE(upgraded.size() == fresh[bed.engine()].size());
      for (std::size_t i = 0; i < upgraded.size(); ++i) CHECK(upgraded[i] == fresh[bed.engine()][i]);
    });
  }
}

}  // namespace answerable
