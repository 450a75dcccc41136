// Whether a browser sent this from our own pages.
#pragma once

#include "base/result.h"
#include "http/api.h"
#include "net/http.h"

namespace answerable::http {

// The defence against forged requests, over and above SameSite cookies and the JSON content type. Every browser tells
// on a state-changing request where it comes from (Sec-Fetch-Site, or at least Origin): that must be our own site, and
// with `needs_header` also X-Requested-With: answerable, which a foreign page cannot set. A client that sends neither
// is not a browser, so nobody can make it send a cookie. Errors: denied "csrf_refused".
Status check_same_origin(const net::Request& request, const ApiConfig& config, bool needs_header);

// For WebSockets: an Origin, when there is one, must be ours. Errors: denied "origin_refused".
Status check_websocket_origin(const net::Request& request, const ApiConfig& config);

}  // namespace answerable::http
