// The results of `answerable policy check` reach the database of a server, whichever is there first.
#include "app/check_results.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "policy/judge.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::app;

namespace {

struct Shelf {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase db = store::open_temporary(clock, metrics, {policy::schema()});
  store::TemporaryFolder folder;
  const std::string file = folder.path() + "/policy-check.txt";

  std::vector<policy::ControlTest> known() {
    return db->query([](store::Session& session) { return policy::control_tests(session); }).value();
  }
  int take() { return take_check_results(*db, folder.path()).value(); }
  void write(std::string_view text) const { std::ofstream(file) << text; }
};

}  // namespace

TEST_CASE_FIXTURE(Shelf, "what the command leaves the server takes, once") {
  CHECK(take() == 0);
  CHECK(leave_check_results(folder.path(),
                            {{.control = "framing", .at = clock.now(), .is_ok = true},
                             {.control = "attempts", .at = clock.now(), .is_ok = false, .detail = "is\nnot noticed"}}));
  const auto rights = std::filesystem::status(file).permissions();
  CHECK((rights & std::filesystem::perms::mask) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(take() == 2);
  CHECK(take() == 0);
  REQUIRE(known().size() == 2);
  CHECK(known()[0].control == "attempts");
  CHECK_FALSE(known()[0].is_ok);
  CHECK(known()[0].detail == "is not noticed");
  CHECK(known()[1].is_ok);
  CHECK(known()[1].at == clock.now());
}

TEST_CASE_FIXTURE(Shelf, "a result that is older than what is known changes nothing") {
  const auto before = clock.now();
  clock.advance_ms(1'000);
  CHECK(leave_check_results(folder.path(), {{.control = "framing", .at = clock.now(), .is_ok = true}}));
  CHECK(take() == 1);
  CHECK(leave_check_results(folder.path(), {{.control = "framing", .at = before, .is_ok = false, .detail = "old"}}));
  CHECK(take() == 1);
  CHECK(known()[0].is_ok);
}

TEST_CASE_FIXTURE(Shelf, "what is no result is removed and changes nothing") {
  for (const auto* text : {"", "x", "framing", "framing 1", "framing x 1 ", "framing 1 2 ", "no_such_control 1 1 ",
                           "framing 99999999999999999999 1 "}) {
    write(text);
    CHECK(take() == 0);
    CHECK_FALSE(std::filesystem::exists(file));
  }
  const std::string line = "framing 1 1 " + std::string(check_results_bytes_max - 13, 'x') + "\n";
  REQUIRE(line.size() == check_results_bytes_max);
  write(line);
  CHECK(take() == 1);
  write(line + "\n");
  CHECK(take() == 0);
  CHECK(known().size() == 1);
}

TEST_CASE("without a data folder nothing is left") {
  CHECK(leave_check_results("/nonexistent", {}).error().code == "no_data_folder");
}
