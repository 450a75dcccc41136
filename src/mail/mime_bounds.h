// Cuts what would make a MIME parser build more than a message can be worth: headers of parts without end, and parts
// without number. GMime keeps an object for each field, parameter and part of whatever it is given. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::mail {

struct MimeBounds {
  std::string_view text;  // a slice of the given bytes, or `owned`
  std::string owned;
  std::vector<std::string> defects;
};

// `text` must outlive the result (not moved). Its top header is within the limits already (mail/prepare.h). Parts
// beyond max_delimiters, or after max_part_headers_bytes of headers, are cut off; a header beyond max_part_header_bytes
// loses its last fields.
void bound_mime(std::string_view text, MimeBounds& out);

}  // namespace answerable::mail
