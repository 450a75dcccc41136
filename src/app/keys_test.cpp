#include "app/keys.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "base/random.h"

using namespace answerable;

namespace {
struct TemporaryFolder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("answerable-keys-" + random_token(8));
  TemporaryFolder() { std::filesystem::create_directory(path); }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};
}  // namespace

TEST_CASE("keys are made once, kept, and differ by purpose") {
  TemporaryFolder folder;
  auto first = app::load_keys(folder.path, true);
  auto again = app::load_keys(folder.path, false);
  REQUIRE(first);
  REQUIRE(again);
  CHECK(first->blobs == again->blobs);
  CHECK(first->blobs != first->reply_tokens);
}

TEST_CASE("missing, damaged and exposed key files are refused, not replaced") {
  TemporaryFolder folder;
  CHECK(app::load_keys(folder.path, false).error().code == "keys_missing");
  REQUIRE(app::load_keys(folder.path, true));
  auto file = folder.path / "keys" / "installation.key";
  std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  CHECK(app::load_keys(folder.path, true).error().code == "keys_exposed");
  std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::remove);
  std::ofstream(file, std::ios::app) << "x";
  CHECK(app::load_keys(folder.path, true).error().code == "keys_damaged");
}
