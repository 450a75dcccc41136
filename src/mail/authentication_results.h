// Authentication-Results (RFC 8601): what a receiving server says that it has checked. Anybody can write such a field,
// so it counts only with the authserv-id of a server that the administrator has named, and only where that server
// writes. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mail/raw_fields.h"

namespace answerable::mail {

struct MethodResult {
  std::string method;                                           // lower case: "dkim", "spf", "dmarc", "arc"
  std::string result;                                           // lower case: "pass"
  std::vector<std::pair<std::string, std::string>> properties;  // "header.d" -> "example.org", names in lower case
  // The first of that name, or empty.
  std::string_view property(std::string_view name) const;
};

struct AuthenticationResults {
  std::string authserv_id;  // lower case
  std::vector<MethodResult> results;
};

// The value of one field. What cannot be read any further is left out: no result is better than a wrong one.
AuthenticationResults parse_authentication_results(std::string_view value);
// ARC-Authentication-Results (RFC 8617): the same after "i=1;". `instance` is 0 when there is none.
AuthenticationResults parse_arc_results(std::string_view value, int& instance);

// What the server named `authserv_id` wrote at the top of this message:
// - above every Received field: all its fields there (a filter that writes over the server's own trace);
// - below: the first one alone, as long as every Received field above it is of that server's organisation. What stands
//   under it may be the sender's.
// A server must take forged fields of its own id away (RFC 8601 section 5); we do not rely on it where we need not.
std::vector<MethodResult> trusted_results(const RawMessage& message, std::string_view authserv_id);

}  // namespace answerable::mail
