// What a calendar object (RFC 5545, RFC 5546) says to a reader: title, time, place, who invites, and its text. Stands
// for the text of a mail that holds nothing else; the object stays attached. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

// `calendar` in UTF-8. Lines end in \n, no words of our own, so that it fits any language. Empty when there is no
// event.
std::string calendar_to_text(std::string_view calendar);

}  // namespace answerable::mail
