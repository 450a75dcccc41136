// What each answer of the web server says, also a refusal that no handler has seen: how a browser is to treat it.
// Pages, files and mail say more than that, or otherwise, themselves.
#pragma once

#include <string_view>

#include "net/http.h"

namespace answerable::http {

// Not to be guessed at, framed or run; no address goes on to another site; by TLS only, for a year, where `public_url`
// is https (RFC 6797; a host's subdomains too).
net::Headers every_answer(std::string_view public_url);

}  // namespace answerable::http
