// Controls: what watches over a clause. Each has a self-test that shows that it still bites, on a database of its own
// that is thrown away; app has the table of all (app/controls.cpp), the server runs them once a day, `answerable policy
// check` when asked, and the page of the clause shows the last outcome.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/database.h"
#include "store/session.h"

namespace answerable::policy {

// Where a self-test may do what it likes: every table is there and empty, and time moves by hand.
struct Scratch {
  store::Database& database;
  FakeClock& clock;
};

struct Control {
  std::string name;    // snake_case, as its violations name it
  std::string clause;  // that it watches over
  std::string what;    // one English sentence
  // Blocks; at most some seconds. Fails with what it found, as detail.
  std::function<Status(Scratch&)> self_test;
};

struct ControlTest {
  std::string control;
  Time at;
  bool is_ok = false;
  std::string detail;  // why not
};

// One that is older than what is known changes nothing.
Status record_control_test(store::Transaction& tx, const ControlTest& test);
Result<std::vector<ControlTest>> control_tests(store::Session& session);

// What happened under one clause in a period.
struct ClauseFigures {
  std::string clause;
  std::int64_t violations = 0;
  std::int64_t warn = 0, hold = 0, limit = 0, block = 0, suspend = 0;
  std::int64_t dismissed = 0;
  std::optional<Time> last_at;
  std::string last_control, last_facts;
};
// In one workspace, or in the whole installation.
Result<std::vector<ClauseFigures>> clause_figures(store::Session& session, Time since,
                                                  std::optional<WorkspaceId> workspace = {});

}  // namespace answerable::policy
