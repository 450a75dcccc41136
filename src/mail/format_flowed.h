// format=flowed (RFC 3676): lines that the sender's client broke are joined again, quotes kept. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

std::string unflow(std::string_view text, bool delete_space);

}  // namespace answerable::mail
