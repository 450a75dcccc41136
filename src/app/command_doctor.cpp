// `answerable doctor` and `answerable config show`.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "app/commands.h"
#include "app/doctor.h"

namespace answerable::app {

namespace {

constexpr std::string_view name_of(Finding::Level level) {
  constexpr std::string_view names[] = {"ok", "warn", "fail"};
  return names[static_cast<std::size_t>(level)];
}

std::string coloured(Finding::Level level) {
  constexpr std::string_view colours[] = {"\033[32m", "\033[33m", "\033[31m"};
  auto word = fmt::format("{:<4}", name_of(level));
  if (::isatty(STDOUT_FILENO) == 0 || std::getenv("NO_COLOR") != nullptr) return word;
  return fmt::format("{}{}\033[0m", colours[static_cast<std::size_t>(level)], word);
}

}  // namespace

int run_doctor(const Configuration& configuration, bool json) {
  bool sound = true;
  for (const auto& finding : examine(configuration, SystemClock{})) {
    sound = sound && finding.level != Finding::Level::fail;
    if (json) {
      boost::json::object line{{"check", finding.check},
                               {"level", name_of(finding.level)},
                               {"found", finding.found},
                               {"advice", finding.advice}};
      fmt::print("{}\n", boost::json::serialize(line));
      continue;
    }
    fmt::print("{} {:<16} {}\n", coloured(finding.level), finding.check, finding.found);
    if (!finding.advice.empty()) fmt::print("     {:<16} → {}\n", "", finding.advice);
  }
  return sound ? exit_ok : exit_failed;
}

int run_config_show(const LoadedConfiguration& loaded, bool json) {
  for (const auto& setting : loaded.settings) {
    if (json) {
      boost::json::object line{
          {"key", setting.key}, {"value", setting.value}, {"origin", setting.origin}, {"meaning", setting.meaning}};
      fmt::print("{}\n", boost::json::serialize(line));
    } else {
      fmt::print("{:<28} = {:<28} # {}: {}\n", setting.key, setting.value, setting.origin, setting.meaning);
    }
  }
  return exit_ok;
}

}  // namespace answerable::app
