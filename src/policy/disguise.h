// A program that comes under the name of something else ("invoice.pdf" that Windows would run): told by the first bytes
// against the end of the name. A program under a program's name is no disguise; whether it is malware, a scanner says.
#pragma once

#include <string_view>

namespace answerable::policy {

// What the bytes are when the name says otherwise: "a Windows program", "a Linux program", "a macOS program", "a
// shortcut"; empty when there is no disguise. `name` is a stranger's and need not have an end.
std::string_view find_disguise(std::string_view name, std::string_view bytes);

}  // namespace answerable::policy
