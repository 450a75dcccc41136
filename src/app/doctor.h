// What the installation needs, checked on the machine itself. This list is the product's *technical sufficiency
// criteria*, described in docs/operations/technical-sufficiency.md; each finding says what to do about it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/configuration.h"
#include "base/clock.h"

namespace answerable::app {

struct Finding {
  enum class Level : std::uint8_t { ok, warn, fail } level = Level::ok;
  std::string check;   // snake_case name, as in the document
  std::string found;   // what was seen, with figures
  std::string advice;  // what to do; empty when ok
};

// Runs every check, in the document's order. Touches nothing but a temporary file in the data folder. A server may be
// running: then its ports count as taken by itself when `/healthz` of public_url's port answers.
std::vector<Finding> examine(const Configuration& configuration, const Clock& clock);

}  // namespace answerable::app
