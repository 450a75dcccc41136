// What the DNS says of a key that signs our mail, held against what it must say. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mail/dns_text.h"

namespace answerable::mail {

enum class DkimPublished : std::uint8_t {
  right,        // verifiers find this key
  absent,       // there is no record
  other,        // there is one, of another key, or of none
  several,      // more than one: what a verifier takes is chance
  unreachable,  // no answer now
};
std::string_view to_string(DkimPublished state);

// `record` is DkimKey::record(). Blanks, and tags other than v, k and p, make no difference.
DkimPublished judge_dkim_record(std::string_view record, const DnsText& says);

}  // namespace answerable::mail
