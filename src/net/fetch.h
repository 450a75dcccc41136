// Asks a server that somebody else named, and gives it nothing that the request does not hold: no cookie, no Referer,
// no address of whoever asked, no credentials. HTTP and HTTPS only; each address that is connected to is judged, after
// the name was resolved and on every redirect, so that a name which changes its mind gains nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "net/address.h"

namespace answerable::net {

struct FetchLimits {
  std::size_t bytes_max = 5UL << 20;  // of the body
  std::int64_t connect_timeout_ms = 4'000;
  std::int64_t timeout_ms = 10'000;  // of all, redirects too
  long redirects_max = 4;            // 0: a redirect is an answer like any other
};

struct FetchRequest {
  std::string url;  // http or https, without user and password
  std::string accept = "*/*";
  std::string user_agent = "Answerable";
  std::function<Status(const IpAddress&)> may_reach;  // called with each address before it is connected to
  FetchLimits limits = {};
  std::stop_token stop = {};
  std::string form = {};  // when there is one: sent by POST, as content_type
  std::string content_type = "application/x-www-form-urlencoded";
  std::string ca_file = {};  // further trusted roots (PEM)
};

// The body of a 200. Blocks. Ports other than 80, 443 and 1024 and above are never connected to. Errors: denied
// "fetch_refused" (address, port, scheme), limited "fetch_too_large", unavailable "fetch_failed" (with the reason).
Result<std::string> fetch(const FetchRequest& request);

struct FetchAnswer {
  long status = 0;
  std::string body;
};
// The answer whatever its status is, for a caller that understands refusals too. Errors: as those of fetch().
Result<FetchAnswer> exchange(const FetchRequest& request);

}  // namespace answerable::net
