// Each tests/flows/*.flow is a test case of its own, named by its title, and a second one in which the server is
// restarted after every line that does something: a restart changes nothing. Run from the top of the project, or set
// ANSWERABLE_FLOWS.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/log.h"
#include "flows/flow_runner.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::flows;

namespace {

struct Planned {
  Script script;
  Restarts restarts = Restarts::none;
};

// By the name of the test case. A deque and a map keep their contents where they are: doctest holds on to names and
// files.
std::map<std::string, Planned>& plan() {
  static std::map<std::string, Planned> planned;
  return planned;
}

void run_planned() {
  const auto& planned = plan().at(doctest::getContextOptions()->currentTest->m_name);
  log::configure(log::Level::error, log::Format::text);
  if (auto failure = run_flow(planned.script, planned.restarts))
    ADD_FAIL_CHECK_AT(planned.script.path.c_str(), failure->line, failure->what);
  CHECK(!planned.script.lines.empty());
}

void add(const std::string& name, const Script& script, Restarts restarts) {
  const auto [entry, is_new] = plan().emplace(name, Planned{script, restarts});
  if (!is_new) return;  // two flows with one title: the test below says so
  doctest::detail::TestCase test(run_planned, entry->second.script.path.c_str(), 1,
                                 doctest_detail_test_suite_ns::getCurrentTestSuite());
  doctest::detail::regTest(test * entry->first.c_str());
}

std::vector<std::string> flow_files() {
  const char* folder = std::getenv("ANSWERABLE_FLOWS");
  std::vector<std::string> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder ? folder : "tests/flows", failed)) {
    if (entry.path().extension() == ".flow") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

std::string& unreadable() {
  static std::string message;
  return message;
}

std::size_t add_all() {
  std::size_t expected = 0;
  for (const auto& file : flow_files()) {
    try {
      const auto script = read_script(file);
      add(script.title, script, Restarts::none);
      ++expected;
      if (!script.not_restarted.empty()) continue;
      add(script.title + " (restarted after every act)", script, Restarts::after_each_act);
      ++expected;
    } catch (const Trouble& trouble) {
      unreadable() += file + ": expected " + trouble.expected + ", seen " + trouble.seen + "\n";
    }
  }
  return expected;
}

const std::size_t planned_flows = add_all();

}  // namespace

TEST_CASE("a line that does not hold is named with what was expected and what was seen") {
  store::TemporaryFolder folder;
  const auto path = folder.path() + "/wrong.flow";
  const auto failure_of = [&](const std::string& text) {
    std::ofstream(path) << text;
    const auto failure = run_flow(read_script(path), Restarts::none);
    return failure ? std::to_string(failure->line) + " " + failure->what : "";
  };
  const std::string mail = "# wrong\nmail from sami@example.org subject \"Refund\" says \"Where?\"\n\n";
  CHECK(failure_of(mail + "expect 2 conversations\n") == "4 expect 2 conversations\n  expected: 2\n  seen:     1");
  CHECK(failure_of(mail + "expect conversation \"Refund\" is read\n").ends_with("expected: read\n  seen:     unread"));
  CHECK(failure_of(mail + "expect \"Refund\" reads\n  Sami: There.\n")
            .ends_with("Sami: There.\n\n  seen:     \nSami: Where?\n"));
  CHECK(failure_of(mail + "nora takes \"Refund\" but is refused: not_allowed\n").ends_with("seen:     it was done"));
  CHECK(failure_of(mail + "nora reads tea leaves\n").ends_with("seen:     nora reads tea leaves"));
  CHECK(failure_of(mail + "nora takes \"Lamp\"\n").contains("expected: one conversation \"Lamp\""));
  CHECK(failure_of(mail) == "");
}

TEST_CASE("the flows are found, readable, and have titles of their own") {
  CHECK(unreadable() == "");
  CHECK(planned_flows >= 20);
  CHECK(plan().size() == planned_flows);
  CHECK(!plan().contains(""));
}
