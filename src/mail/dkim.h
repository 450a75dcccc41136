// Verifies DKIM signatures (RFC 6376, RFC 8301) by libopendkim. The library sees the fields and the body, nothing else:
// keys are looked up by the caller, it writes no files and asks no network. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mail/dns_text.h"
#include "mail/raw_fields.h"

namespace answerable::mail {

struct DkimResult {
  // As in RFC 8601. policy: it verifies and proves less than a reader takes it for (SHA-1, a part of the body only, a
  // key that is being tested, a short key).
  enum class Outcome : std::uint8_t { pass, fail, policy, temporary };
  Outcome outcome = Outcome::fail;
  std::string domain;    // d=, lower case
  std::string selector;  // s=
  std::string reason;    // of what is no pass, in a few words
};

// Of the first max_dkim_signatures signatures, in their order; further ones count as if they were not there.
std::vector<DkimResult> verify_dkim(const RawMessage& message, const FindText& find_text);

}  // namespace answerable::mail
