// Hands one message to an LMTP server (RFC 2033) over TCP: for `answerable mail deliver` beside a running server.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace answerable::app {

// `listen`: "address:port". Blocks at most 60 s a step. Errors: unavailable "not_listening" (nothing there: nothing was
// sent), unavailable "refused_for_now" (4xx), invalid "refused" (5xx), not_found "no_such_recipient" (a recipient is
// refused for good, nothing was sent), each with the server's words.
Status deliver_by_lmtp(const std::string& listen, const std::string& from, const std::vector<std::string>& to,
                       const std::string& raw);

// Which of these recipients the server takes mail for; sends none. Same errors.
Result<std::vector<std::string>> known_by_lmtp(const std::string& listen, const std::vector<std::string>& recipients);

}  // namespace answerable::app
