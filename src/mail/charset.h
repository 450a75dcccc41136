// Bytes in any character set to UTF-8. Labels are read as mail clients mean them (iso-8859-1 is windows-1252, gb2312 is
// GB18030), and bytes that contradict their label get the best reading. Never fails; the result is valid UTF-8 without
// NUL.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

struct Decoded {
  std::string text;
  bool damaged = false;  // the label was unknown, or some bytes did not fit it
};

Decoded decode_charset(std::string_view bytes, std::string_view label);

bool is_ascii(std::string_view bytes);

// A header field's raw bytes: UTF-8 when valid, else in `body_charset` when they fit it, else windows-1252 (RFC 6532 or
// worse).
std::string decode_raw_header(std::string_view bytes, std::string_view body_charset = {});

}  // namespace answerable::mail
