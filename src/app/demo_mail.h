// What customers of the demo workspace wrote: whole mails, delivered through the same door as real ones.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"

namespace answerable::app {

struct DemoMail {
  std::string from;  // envelope sender
  std::string raw;   // RFC 5322
};

// Oldest first; dates lie in the two days before `now`.
std::vector<DemoMail> demo_mails(Time now, const std::string& to);

}  // namespace answerable::app
