// Lower case for the Latin, Greek and Cyrillic letters that mail programs write their phrases in. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

std::string fold_case(std::string_view text);  // UTF-8 in and out; other letters stay as they are

}  // namespace answerable::mail
