#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "store/papers_test.h"
#include "store/sealed_bytes.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::store;

namespace {

constexpr std::int64_t day_ms = 24LL * 3'600'000;

struct Fixture {
  SystemClock clock;
  Metrics metrics;
  TemporaryDatabase db = open_temporary(clock, metrics, {papers_schema});
  std::string path = db.folder() + "/blobs";
  std::unique_ptr<Blobs> blobs = open_blobs(path, std::string(32, 'k'), 1'000'000).value();
  Papers papers{*db, *blobs, clock};

  Digest put(const std::string& bytes) { return blobs->put(bytes).value().digest; }
  bool is_there(const Digest& digest) { return blobs->get(digest).has_value(); }
  SweptBlobs sweep(const BlobSweep& how) {
    SweptBlobs swept;
    CHECK(blobs->sweep(how, swept));
    return swept;
  }
  void make_all_old(std::chrono::hours age) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) last_write_time(entry.path(), std::filesystem::file_time_type::clock::now() - age);
    }
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a sweep removes what no row refers to, says how much, and keeps the rest") {
  auto kept = put("kept");
  auto swept = put("swept");
  papers.file(kept);
  std::ofstream(path + "/of somebody else") << "x";
  auto figures = sweep(papers.sweep_of_all());
  CHECK(is_there(kept));
  CHECK(!is_there(swept));
  CHECK(figures.files == 1);
  CHECK(figures.bytes == sealed_size(5));
  CHECK(std::filesystem::exists(path + "/of somebody else"));
  CHECK(sweep(papers.sweep_of_all()).files == 0);
}

TEST_CASE_FIXTURE(Fixture, "only what was put before the given time is swept, and putting it again makes it young") {
  auto old = put("old");
  auto young = put("young");
  make_all_old(std::chrono::hours(25));
  put("young");
  auto how = papers.sweep_of_all();
  how.put_before = clock.now() - day_ms;
  CHECK(sweep(how).files == 1);
  CHECK(!is_there(old));
  CHECK(is_there(young));
}

TEST_CASE_FIXTURE(Fixture, "what another process puts while this one sweeps stays, though nothing here holds it") {
  auto again = put("again");
  auto gone = put("gone");
  make_all_old(std::chrono::hours(25));
  auto other = open_blobs(path, std::string(32, 'k'), 1'000'000).value();
  auto how = papers.sweep_of_all();
  how.put_before = clock.now() - day_ms;
  how.each_referred = [&](const auto&) -> Status {
    REQUIRE(other->put("again"));
    return {};
  };
  CHECK(sweep(how).files == 1);
  CHECK(is_there(again));
  CHECK(!is_there(gone));
}

TEST_CASE_FIXTURE(Fixture, "what is held stays, however old it is and whatever the rows say") {
  auto held = blobs->put("held").value();
  make_all_old(std::chrono::hours(1'000));
  CHECK(sweep(papers.sweep_of_all()).files == 0);
  auto copy = held.hold;
  held.hold.reset();
  CHECK(sweep(papers.sweep_of_all()).files == 0);
  copy.reset();
  CHECK(sweep(papers.sweep_of_all()).files == 1);
}

TEST_CASE_FIXTURE(Fixture,
                  "a blob whose row is committed and whose hold ends after the sweep has read the rows stays") {
  auto digest = put("content");
  auto before = blobs->put("held before").value();
  auto how = papers.sweep_of_all();
  how.each_referred = [&, read = how.each_referred](const auto& see) {
    auto status = read(see);
    auto stored = blobs->put("content").value();
    papers.file(stored.digest);
    papers.file(before.digest);
    before.hold.reset();
    return status;
  };
  CHECK(sweep(how).files == 0);
  CHECK(is_there(digest));
  CHECK(papers.dangling() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a sweep in many passes comes to the same as one") {
  std::vector<Digest> kept, swept;
  for (int i = 0; i < 60; ++i) {
    kept.push_back(put("kept " + std::to_string(i)));
    papers.file(kept.back());
    swept.push_back(put("swept " + std::to_string(i)));
  }
  auto how = papers.sweep_of_all();
  how.names_at_once_max = 7;
  int passes = 0;
  how.each_referred = [&, read = how.each_referred](const auto& see) {
    ++passes;
    return read(see);
  };
  CHECK(sweep(how).files == 60);
  CHECK(passes > 5);
  CHECK(passes <= 18);
  for (const auto& digest : kept) CHECK(is_there(digest));
  for (const auto& digest : swept) CHECK(!is_there(digest));
}

TEST_CASE_FIXTURE(Fixture, "when the rows cannot be read, or it shall stop, a sweep removes nothing") {
  auto digest = put("content");
  SweptBlobs swept;
  auto how = papers.sweep_of_all();
  how.each_referred = [](const auto&) { return fail(ErrorKind::unavailable, "database_unavailable"); };
  CHECK(blobs->sweep(how, swept).error().code == "database_unavailable");
  how = papers.sweep_of_all();
  std::stop_source source;
  how.stop = source.get_token();
  how.each_referred = [&, read = how.each_referred](const auto& see) {
    source.request_stop();
    return read(see);
  };
  CHECK(blobs->sweep(how, swept).error().code == "stopped");
  CHECK(swept.files == 0);
  CHECK(is_there(digest));
}

TEST_CASE_FIXTURE(Fixture, "puts, copies and deletions race with sweeps and no row ever loses its blob") {
  race(papers, *blobs, 150);
  CHECK(papers.lost == 0);
  CHECK(papers.failures == 0);
  CHECK(papers.dangling() == 0);
  sweep(papers.sweep_of_all());
  for (int i = 0; i < 5; ++i) CHECK(!is_there(sha256("content " + std::to_string(i))));
}
