// Runs one flow against a company of its own. What does not hold is reported with the line of the flow, what was
// expected and what was seen; the flow ends there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "flows/script.h"

namespace answerable::flows {

enum class Restarts : std::uint8_t { none, after_each_act };

struct Failure {
  int line = 0;
  std::string what;
};

// Nothing: all of it holds, and so do the accounts at its end (ledger, figures, events, copies).
std::optional<Failure> run_flow(const Script& script, Restarts restarts);

}  // namespace answerable::flows
