// URLs of strangers: only schemes that do no harm, in the form in which a browser reads them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

// Without the control characters and blanks that browsers ignore; empty unless http, https, mailto or tel.
std::string safe_link(std::string_view url);
// http or https only, else empty.
std::string safe_remote_image(std::string_view url);
// The id in cid:…, else empty.
std::string image_content_id(std::string_view url);

}  // namespace answerable::mail
