#include "app/blob_owner.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "app/installation.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::app;

namespace {

struct Fixture {
  store::TemporaryFolder folder;
  FakeClock clock;
  std::string database = folder.path() + "/answerable.db";
  std::string mark = folder.path() + "/blobs/database";

  Result<std::unique_ptr<Installation>> open(Opening opening) {
    Configuration c;
    c.data_dir = folder.path();
    return Installation::open(c, clock, opening);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an empty database beside the blobs of another is refused until a person says so") {
  REQUIRE(open(Opening::create));
  REQUIRE(open(Opening::read_write));
  std::filesystem::rename(database, database + ".kept");
  auto refused = open(Opening::create);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "blobs_of_another_database");
  CHECK(refused.error().detail.contains(mark));
  SUBCASE("the database comes back") { std::filesystem::rename(database + ".kept", database); }
  SUBCASE("the database is lost, and the mark is removed by hand") { std::filesystem::remove(mark); }
  CHECK(open(Opening::read_write));
}

TEST_CASE_FIXTURE(Fixture, "an older copy of the same database keeps its blobs, and a folder without a mark gets one") {
  REQUIRE(open(Opening::create));
  std::filesystem::copy_file(database, database + ".old");
  REQUIRE(open(Opening::read_write));
  std::filesystem::rename(database + ".old", database);
  std::filesystem::remove(mark);
  CHECK(open(Opening::read_write));
  CHECK(std::filesystem::exists(mark));
  CHECK(open(Opening::read_write));
}

TEST_CASE_FIXTURE(Fixture, "a database is not opened with other keys than those that it was made with") {
  REQUIRE(open(Opening::create));
  const auto keys = folder.path() + "/keys";
  for (const std::string name : {"installation.key", "ledger.key"}) {
    CAPTURE(name);
    std::filesystem::rename(keys + "/" + name, folder.path() + "/" + name);
    auto refused = open(Opening::create);  // makes a new one
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "keys_of_another_installation");
    std::filesystem::rename(folder.path() + "/" + name, keys + "/" + name);
    CHECK(open(Opening::read_write));
  }
}
