#include "store/unnamed_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "store/testing.h"

namespace answerable::store {
namespace {

TEST_CASE("an unnamed file gives back what was appended, up to its bound and not a byte beyond") {
  constexpr std::size_t bytes_max = 600'000;  // more than is written at once
  auto file = UnnamedFile::make(bytes_max).value();
  std::string expected;
  while (expected.size() + 1'000 < bytes_max) {
    const std::string piece(1'000, static_cast<char>('a' + expected.size() / 1'000 % 26));
    REQUIRE(file.append(piece));
    expected += piece;
  }
  CHECK(file.append(std::string(1'001, 'x')).error().code == "file_too_large");
  REQUIRE(file.append(std::string(1'000, 'y')));
  CHECK(file.append("z").error().code == "file_too_large");
  const auto bytes = file.finish().value();
  CHECK(bytes->view() == expected + std::string(1'000, 'y'));
}

TEST_CASE("small pieces and those that are written at once keep their order") {
  auto file = UnnamedFile::make(2'000'000).value();
  const std::string large(300'000, 'l');
  for (const auto& piece : {std::string("a"), large, std::string("b"), std::string("c"), large, large})
    REQUIRE(file.append(piece));
  CHECK(file.finish().value()->view() == "a" + large + "bc" + large + large);
}

TEST_CASE("bytes stay readable as long as somebody has them, also when there are none") {
  std::shared_ptr<const MappedBytes> bytes;
  {
    auto file = UnnamedFile::make(10).value();
    REQUIRE(file.append("0123456789"));
    bytes = file.finish().value();
  }
  CHECK(bytes->view() == "0123456789");
  CHECK(UnnamedFile::make(0).value().finish().value()->view().empty());
}

TEST_CASE("a file of others is mapped by its path, and one that is not there is an error") {
  TemporaryFolder folder;
  std::ofstream(folder.path() + "/one") << "content";
  CHECK(MappedBytes::of(folder.path() + "/one").value()->view() == "content");
  CHECK(MappedBytes::of(folder.path() + "/none").error().code == "storage_unavailable");
}

}  // namespace
}  // namespace answerable::store
