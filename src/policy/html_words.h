// What people read of HTML, as the rules on content see it, not as a browser does: what stands between the tags.
#pragma once

#include <string>
#include <string_view>

namespace answerable::policy {

std::string words_of_html(std::string_view html);

}  // namespace answerable::policy
