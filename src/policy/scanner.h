// Malware: what policy asks of a scanner. What cannot be looked at is not passed: it waits (the scanner is not there)
// or is kept apart (the scanner cannot judge it).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::policy {

inline constexpr std::string_view malware_clause = "no_malware";

enum class ScanVerdict : std::uint8_t { clean, malware, not_scannable };

struct Scanned {
  ScanVerdict verdict = ScanVerdict::clean;
  std::string detail;  // the name of what was found, or why it cannot be judged: for people
};

// Implemented in app with ClamAV's daemon. Any thread.
class Scanner {
 public:
  virtual ~Scanner() = default;
  // Blocks. Errors: unavailable "scanner_unavailable": try again later.
  virtual Result<Scanned> scan(std::string_view bytes) = 0;
  // False: it did not answer lately, so do not begin work that needs it. It is asked again at most once a second, by
  // one of those who ask here. Short while it is down.
  virtual bool is_there() = 0;
};

inline constexpr std::int64_t scanner_wait_ms = 1'000;  // how long what needs it waits before it asks again

}  // namespace answerable::policy
