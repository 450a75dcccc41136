// The header fields of a message by their exact bytes, as signatures see them. Strict where parse_message is lenient: a
// block that does not begin with a field has none. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::mail {

struct RawField {
  std::string_view name;  // as written
  std::string_view raw;   // name, colon and value with its folding, without the last line end
  std::string_view value() const { return raw.substr(raw.find(':') + 1); }
};

struct RawMessage {
  std::vector<RawField> fields;  // top to bottom; none when the block is beyond max_header_bytes or max_headers
  std::string_view body;
};

// `raw` must outlive the result. Lines end in CRLF or LF.
RawMessage split_raw(std::string_view raw);

// The value on one line: line ends removed, a bare CR made a blank, blanks around trimmed.
std::string unfold(std::string_view value);

}  // namespace answerable::mail
