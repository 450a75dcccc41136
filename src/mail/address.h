// Mail addresses (RFC 5322 section 3.4, RFC 6531 for UTF-8 ones). Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace answerable::mail {

struct Address {
  std::string name;     // decoded, valid UTF-8, may be empty
  std::string address;  // as written, without <>; empty when the field holds only a name
  bool operator==(const Address&) const = default;
};

// Reads an address field as leniently as people write them: groups, comments, unquoted commas, encoded words anywhere,
// missing brackets. Never fails; what holds no address gives a name only. At most max_addresses.
std::vector<Address> parse_address_list(std::string_view field);

// Whether an address can be sent to: one @, octet limits of limits.h, no control character, blank or bracket, a domain
// of letters, digits, hyphens and dots (or UTF-8).
bool is_valid_address(std::string_view address);

// White space trimmed, domain in lower case (ASCII), or an error with code "invalid_address".
Result<std::string> normalise_address(std::string_view address);

// The form by which a contact is recognised: everything in lower case (ASCII). RFC 5321 lets a server distinguish case
// in the local part; none in use does, while people type either. Empty when there is no address in it.
std::string address_key(std::string_view address);

std::string_view local_part(std::string_view address);   // before the last @
std::string_view domain_part(std::string_view address);  // after the last @, or empty

}  // namespace answerable::mail
