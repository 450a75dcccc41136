// Names of IMAP folders as people write them (UTF-8) and as servers do (modified UTF-7, RFC 3501 section 5.1.3). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace answerable::channels {

// Of valid UTF-8. A name that is a server's spelling already ("Entw&APw-rfe", as settings of earlier versions had to
// have it) stays: "R&D" is none, and becomes "R&-D".
std::string to_server_folder(std::string_view name);
// The same for a server that takes UTF-8 (channels/email/imap_utf8.h): as people write it, of either spelling.
std::string to_utf8_folder(std::string_view name);
// Nothing when it is no modified UTF-7: something that is not ASCII, an "&" without its "-", what needed no encoding.
std::optional<std::string> from_server_folder(std::string_view name);

}  // namespace answerable::channels
