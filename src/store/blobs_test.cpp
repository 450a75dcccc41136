#include "store/blobs.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "store/sealed_bytes.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::store;

namespace {

struct Fixture {
  TemporaryFolder folder;
  std::string path = folder.path() + "/blobs";
  std::string key = std::string(32, 'k');
  std::unique_ptr<Blobs> blobs = open_blobs(path, key, 1'000'000).value();

  std::vector<std::string> files() const {
    std::vector<std::string> list;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) list.push_back(entry.path());
    }
    return list;
  }
};

std::string content(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void overwrite(const std::string& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

}  // namespace

TEST_CASE_FIXTURE(Fixture, "blobs of every size around a chunk come back, also after reopening") {
  for (std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 131'072UL, 1'000'000UL}) {
    std::string bytes(size, 'x');
    if (size > 0) bytes.back() = 'y';
    auto digest = blobs->put(bytes).value().digest;
    CHECK(digest == sha256(bytes));
    CHECK(blobs->get(digest).value() == bytes);
    blobs = open_blobs(path, key, 1'000'000).value();
    CHECK(blobs->get(digest).value() == bytes);
  }
}

TEST_CASE_FIXTURE(Fixture, "a blob of the largest size is taken and one byte more is refused") {
  CHECK(blobs->put(std::string(1'000'000, 'x')));
  CHECK(blobs->put(std::string(1'000'001, 'x')).error().code == "blob_too_large");
}

TEST_CASE_FIXTURE(Fixture, "a blob that comes in pieces is the one that comes as a whole") {
  for (std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 131'072UL, 1'000'000UL}) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 7 % 251);
    for (std::size_t piece : {1'000UL, 65'536UL, 300'000UL}) {
      const auto receiver = blobs->receive().value();
      for (std::size_t at = 0; at < size; at += piece) CHECK(receiver->append(bytes.substr(at, piece)));
      CHECK(receiver->size() == size);
      CHECK(receiver->finish().value().digest == sha256(bytes));
      CHECK(blobs->get(sha256(bytes)).value() == bytes);
      if (piece != 300'000) CHECK(blobs->remove(sha256(bytes)));
    }
    CHECK(blobs->put(bytes).value().digest == sha256(bytes));
  }
  CHECK(files().size() == 7);
}

TEST_CASE_FIXTURE(Fixture, "pieces of the largest blob are taken, and one byte more is refused") {
  const auto receiver = blobs->receive().value();
  CHECK(receiver->append(std::string(999'999, 'x')));
  CHECK(receiver->append("x"));
  CHECK(receiver->append("x").error().code == "blob_too_large");
}

TEST_CASE_FIXTURE(Fixture,
                  "what is received has no name on the disk, cannot be read there, and is gone if not finished") {
  {
    const auto receiver = blobs->receive().value();
    CHECK(receiver->append(std::string(200'000, 's')));
    CHECK(files().empty());
  }
  CHECK(files().empty());
}

TEST_CASE_FIXTURE(Fixture, "the same bytes are stored once, and nothing on the disk tells what they are") {
  auto digest = blobs->put("a secret sentence").value().digest;
  CHECK(blobs->put("a secret sentence").value().digest == digest);
  auto list = files();
  REQUIRE(list.size() == 1);
  CHECK(content(list[0]).find("secret") == std::string::npos);
  CHECK(content(list[0]).size() == sealed_size(17));
  CHECK(std::filesystem::status(list[0]).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE_FIXTURE(Fixture, "a blob with any flipped bit, cut off or lengthened is reported damaged") {
  auto digest = blobs->put("hello").value().digest;
  auto file = files().at(0);
  auto good = content(file);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    CHECK(!open_bytes(key, as_bytes(digest), bad));
  }
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(!open_bytes(key, as_bytes(digest), good.substr(0, size)));
  for (const auto& bad : {good.substr(0, 10), good + "x", std::string()}) {
    overwrite(file, bad);
    CHECK(blobs->get(digest).error().code == "blob_damaged");
  }
  CHECK(blobs->put("hello"));  // replaces what is too short or too long
  CHECK(blobs->get(digest).value() == "hello");
}

TEST_CASE_FIXTURE(Fixture, "a blob in the place of another, or read with another key, is reported damaged or missing") {
  auto one = blobs->put("one").value().digest;
  auto file = files().at(0);
  auto bytes = content(file);
  CHECK(blobs->remove(one));
  auto two = blobs->put("two").value().digest;
  overwrite(files().at(0), bytes);
  CHECK(blobs->get(two).error().code == "blob_damaged");
  auto other = open_blobs(path, std::string(32, 'o')).value();
  CHECK(other->get(two).error().code == "blob_missing");
}

TEST_CASE_FIXTURE(Fixture, "chunks cannot be left out or exchanged") {
  std::string bytes(200'000, 'a');
  auto sealed = seal_bytes(key, "context", bytes);
  constexpr std::size_t start = 31;
  constexpr std::size_t chunk = 65'536 + 17;
  CHECK(open_bytes(key, "context", sealed) == bytes);
  CHECK(!open_bytes(key, "another", sealed));
  CHECK(!open_bytes(key, "context", sealed.substr(0, start + chunk)));
  auto swapped = sealed.substr(0, start) + sealed.substr(start + chunk, chunk) + sealed.substr(start, chunk) +
                 sealed.substr(start + 2 * chunk);
  CHECK(!open_bytes(key, "context", swapped));
  CHECK(!open_bytes(key, "context", sealed + sealed.substr(start)));
}

TEST_CASE_FIXTURE(Fixture, "a removed blob is missing, and what a crash left half written goes away") {
  auto digest = blobs->put("gone").value().digest;
  CHECK(blobs->remove(digest));
  CHECK(blobs->remove(digest));
  CHECK(blobs->get(digest).error().code == "blob_missing");
  overwrite(path + "/new/half", "written");
  overwrite(path + "/new/fresh", "of a server that is just writing");
  std::filesystem::last_write_time(path + "/new/half",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  blobs = open_blobs(path, key).value();
  CHECK_FALSE(std::filesystem::exists(path + "/new/half"));
  CHECK(std::filesystem::exists(path + "/new/fresh"));
}
