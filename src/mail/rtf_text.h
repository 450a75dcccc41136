// The rich text in which Outlook keeps a body in winmail.dat: its compression (MS-OXRTFCP) and its plain text.
// Both bounded by max_body_bytes. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

std::string decompress_rtf(std::string_view bytes);  // as far as it goes
std::string rtf_to_text(std::string_view rtf);       // UTF-8; lines end in \n

}  // namespace answerable::mail
