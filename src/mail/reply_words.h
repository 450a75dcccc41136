// The words by which mail programs introduce quoted mail, forwarded mail and signatures, in the languages they speak.
// All take a line whose blanks are trimmed. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace answerable::mail {

enum class HeaderLabel : std::uint8_t { none, from, sent, to, cc, subject };

// "From:" of a header block that Outlook and others write above the mail answered.
HeaderLabel header_label(std::string_view line);

// "On Monday, … wrote:". `text` may be several lines joined by blanks.
bool is_attribution(std::string_view text);
// Whether a line can be the first of an attribution: "On …", a date, an address.
bool begins_attribution(std::string_view line);
bool begins_with_attribution_word(std::string_view line);  // "On …" only
bool begins_with_verb(std::string_view line);              // "wrote:", "a écrit :"
// Whether an attribution is certain even when no quoted line follows: it has a date or an address too.
bool is_certain_attribution(std::string_view text);

bool is_original_marker(std::string_view line);  // "-----Original Message-----"
bool is_forward_marker(std::string_view line);   // "Begin forwarded message:", "---------- Forwarded message ---------"
bool is_mobile_footer(std::string_view line);    // "Sent from my iPhone"
bool is_rule(std::string_view line);             // a line of underscores or hyphens

}  // namespace answerable::mail
