// The whole program, without its ledger while BENCH_LEDGER is "off" in the environment: for app_ledger.mjs.
#include <cstdlib>

#include "app/command_line.h"
#include "ledger_switch.h"

int main(int argc, char** argv) {
  const char* wanted = std::getenv("BENCH_LEDGER");
  answerable::bench::is_ledger_on = wanted == nullptr || std::string_view(wanted) != "off";
  return answerable::app::run_command_line(argc, argv);
}
