// The table of all controls of the policy: what watches over which clause, and how it shows that it still bites. A new
// control adds its line here.
#pragma once

#include <stop_token>
#include <vector>

#include "policy/control.h"
#include "policy/scanner.h"

namespace answerable::app {

// `scanner`: asked whether it knows the test file of its trade; nullptr: there is none to be asked.
std::vector<policy::Control> all_controls(policy::Scanner* scanner = nullptr);

// Runs every self-test, each on a database of its own in a temporary folder. Beside a running server, or without any
// installation. Asked to stop, it ends after the test that runs, with the results so far. Errors: unavailable
// "scratch_unwritable".
Result<std::vector<policy::ControlTest>> run_self_tests(const Clock& clock, policy::Scanner* scanner = nullptr,
                                                        const std::stop_token& stop = {});
// The same, remembered for the pages of the clauses.
Status test_controls(store::Database& database, const Clock& clock, policy::Scanner* scanner,
                     const std::stop_token& stop);

}  // namespace answerable::app
