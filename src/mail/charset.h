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

// Bytes that name no charset, in a message that names `likely` somewhere else: UTF-8 when valid, else `likely` when
// they fit it, else as they look.
Decoded decode_unlabelled(std::string_view bytes, std::string_view likely);

// A header field's raw bytes, decoded so (RFC 6532 or worse).
std::string decode_raw_header(std::string_view bytes, std::string_view likely = {});

}  // namespace answerable::mail
