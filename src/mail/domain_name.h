// Domains as they go over the wire: international ones in their xn-- form (IDNA 2008, by libidn2). Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::mail {

// In lower case. Errors: invalid "invalid_domain" for what has no such form.
Result<std::string> ascii_domain(std::string_view domain);

// The address with its domain in that form; the local part stays as it is, for there is no other form of it (RFC 6531).
// Errors: "invalid_address", "invalid_domain".
Result<std::string> wire_address(std::string_view address);

// The same address with its domain written the other way: in letters for xn--, in its xn-- form for letters. Empty for
// one that has no other way.
std::string other_spelling(std::string_view address);

}  // namespace answerable::mail
