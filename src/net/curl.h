// libcurl as everything here uses it: initialised once, no signals, no proxy and no .netrc of the environment,
// certificates checked, and each address judged before it is connected to. The one header of net that shows its
// library.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/address.h"

namespace answerable::net {

struct FreeCurl {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeCurlList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;
using CurlList = std::unique_ptr<curl_slist, FreeCurlList>;

// May the transfer connect there? Asked for every address that a name has, and again after a redirect: the rule is
// about addresses, because a name can change its mind.
struct AddressJudge {
  std::function<Status(const sockaddr* address, socklen_t size)> allows;
  std::string refusal = {};  // why the last one was not allowed; empty: none was refused
};

struct CurlTimeouts {
  std::int64_t connect_ms = 0, whole_ms = 0;
};

// A handle for one transfer; null when there is no memory. Any thread; `judge` outlives the handle.
Curl make_curl(AddressJudge& judge, const CurlTimeouts& timeouts);

}  // namespace answerable::net
