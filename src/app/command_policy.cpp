// `answerable policy check`: does every control of the policy still bite? The pages of the clauses show it.
#include <fmt/format.h>

#include "app/check_results.h"
#include "app/commands.h"
#include "app/controls.h"

namespace answerable::app {

int run_policy_check(const std::string& data_dir, bool json) {
  SystemClock clock;
  const auto tests = run_self_tests(clock);
  if (!tests) return report(tests.error());
  bool is_all_well = true;
  for (const auto& test : *tests) {
    is_all_well = is_all_well && test.is_ok;
    if (json)
      fmt::print("{{\"control\":\"{}\",\"ok\":{}}}\n", test.control, test.is_ok);
    else
      fmt::print("{:<24} {}\n", test.control, test.is_ok ? "ok" : "BROKEN: " + test.detail);
  }
  // Without an installation there is nobody who wants to know.
  const auto left = leave_check_results(data_dir, *tests);
  if (!left && left.error().kind != ErrorKind::not_found) fmt::print(stderr, "{}\n", left.error().detail);
  return is_all_well ? exit_ok : exit_failed;
}

}  // namespace answerable::app
