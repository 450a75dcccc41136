#include "app/blob_owner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/random.h"
#include "cluster/membership.h"
#include "store/file.h"

namespace answerable::app {

namespace {

constexpr std::size_t id_characters_max = 64;

constexpr std::string_view table = R"sql(
create table blob_owner (
  id text not null primary key);
)sql";

constexpr std::array migrations{store::Migration{"app/0001-blob-owner", table}};

Result<std::string> id_of(store::Database& database) {
  return database.write([](store::Transaction& tx) -> Result<std::string> {
    TRY(auto known,
        tx.find("select id from blob_owner", {}, [](const store::Row& row) { return std::string(row.text(0)); }));
    if (known) return *known;
    auto id = random_token(16);
    TRY_STATUS(tx.execute("insert into blob_owner (id) values ($1)", {id}));
    return id;
  });
}

// What the folder's mark says; empty when it has none.
Result<std::string> read_mark(const std::string& path) {
  store::File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) return std::string();
  if (!file.is_open()) return store::storage_error("Cannot read " + path);
  return file.read_all(id_characters_max);
}

}  // namespace

std::span<const store::Migration> blob_owner_schema() { return migrations; }

Status claim_blobs(store::Database& database, const std::string& folder) {
  auto path = folder + "/database";
  TRY(auto id, id_of(database));
  TRY(auto mark, read_mark(path));
  if (mark.empty()) return store::replace_file(path, id);
  if (mark == id) return {};
  return fail(ErrorKind::conflict, "blobs_of_another_database",
              fmt::format("The files in {} belong to another database. Restore that database. If it is lost for good, "
                          "remove {}: the files that this database does not know are deleted a day later.",
                          folder, path));
}

Status leave_node_mark(const std::string& folder, const std::string& node) {
  const auto marks = folder + "/nodes";
  if (::mkdir(marks.c_str(), 0700) != 0 && errno != EEXIST) return store::storage_error("Cannot make " + marks);
  return store::replace_file(marks + "/" + node, node);
}

Status check_blobs_shared(store::Database& database, const std::string& folder) {
  TRY(const auto nodes, database.query([&](store::Session& session) { return cluster::living_nodes(session); }));
  for (const auto& other : nodes) {
    if (::access((folder + "/nodes/" + other).c_str(), F_OK) == 0) continue;
    return fail(ErrorKind::conflict, "blobs_not_shared",
                fmt::format("{} runs on the same database and keeps its files elsewhere than in {}: set "
                            "server.blobs_dir to one folder that all nodes share.",
                            other, folder));
  }
  return {};
}

}  // namespace answerable::app
