#include "mail/letter_case.h"

#include "mail/ascii.h"

namespace answerable::mail {

namespace {

// Of the code points below U+0800 that have a lower case in the same two bytes of UTF-8.
unsigned lower_code(unsigned code) {
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 32;
  if (code >= 0x100 && code <= 0x137 && code != 0x130) return code | 1U;
  if (code >= 0x139 && code <= 0x148) return code + code % 2;
  if (code >= 0x14A && code <= 0x177) return code | 1U;
  if (code >= 0x391 && code <= 0x3A9) return code + 32;
  if (code >= 0x410 && code <= 0x42F) return code + 32;
  if (code >= 0x400 && code <= 0x40F) return code + 80;
  return code;
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto lead = static_cast<unsigned char>(out[i]);
    if (lead < 0x80) {
      out[i] = lower(out[i]);
      continue;
    }
    if (lead < 0xC3 || lead > 0xD1 || i + 1 >= out.size()) continue;
    auto code = lower_code((lead & 0x1FU) << 6U | (static_cast<unsigned char>(out[i + 1]) & 0x3FU));
    out[i] = static_cast<char>(0xC0U | code >> 6U);
    out[i + 1] = static_cast<char>(0x80U | (code & 0x3FU));
    ++i;
  }
  return out;
}

}  // namespace answerable::mail
