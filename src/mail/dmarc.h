// What a domain says about mail that bears its name (DMARC, RFC 7489): its record, and where it stands. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mail/dns_text.h"
#include "mail/organisational_domain.h"

namespace answerable::mail {

struct DmarcRecord {
  bool is_enforced = false;  // p= (or sp= for a domain below it) is quarantine or reject, not none
  Alignment dkim = Alignment::relaxed;
  Alignment spf = Alignment::relaxed;
};

// Nothing for what is no DMARC record. `is_below`: it was found at the organisation of the author's domain.
std::optional<DmarcRecord> parse_dmarc(std::string_view record, bool is_below);

struct FoundDmarc {
  DnsText::Outcome outcome = DnsText::Outcome::absent;
  DmarcRecord record;  // when found
};
// Asks _dmarc.<domain>, then _dmarc.<its organisation>. Several records count as none (RFC 7489 section 6.6.3).
FoundDmarc find_dmarc(const std::string& domain, const FindText& find_text);

}  // namespace answerable::mail
