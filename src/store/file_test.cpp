#include "store/file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "store/testing.h"

namespace answerable::store {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::ptrdiff_t files_in(const std::string& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

TEST_CASE("a file is replaced whole, and nothing is left beside it") {
  const TemporaryFolder folder;
  const auto path = folder.path() + "/mark";
  REQUIRE(replace_file(path, std::string(100'000, 'a')));
  REQUIRE(replace_file(path, std::string("b\0c", 3)));
  CHECK(content_of(path) == std::string("b\0c", 3));
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("what cannot be replaced stays as it was") {
  const TemporaryFolder folder;
  const auto path = folder.path() + "/mark";
  std::filesystem::create_directories(path + "/inside");  // a folder stands there
  CHECK_FALSE(replace_file(path, "b"));
  CHECK(files_in(folder.path()) == 1);
  CHECK_FALSE(replace_file(folder.path() + "/absent/mark", "b"));
}

}  // namespace
}  // namespace answerable::store
