// The headers under which bytes from strangers are handed to a browser so that they cannot do anything there: never
// sniffed, sandboxed, not for other sites, saved rather than shown but for four kinds of picture. RFC 6266 for the file
// name.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace answerable::http {

// Those that hold for every file of a stranger's, whatever its type.
void add_inert_headers(net::Headers& headers);
void add_download_headers(net::Headers& headers, std::string_view filename, std::string_view content_type);
std::string content_disposition(std::string_view filename, bool is_inline);
// The type as it may be said: lower case, without parameters; whatever could be active becomes
// application/octet-stream.
std::string safe_content_type(std::string_view content_type);
bool is_shown_inline(std::string_view content_type);

}  // namespace answerable::http
