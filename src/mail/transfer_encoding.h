// Content-Transfer-Encoding (RFC 2045 section 6) and its uuencode relative, decoded as far as the bytes go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace answerable::mail {

enum class TransferEncoding : std::uint8_t { identity, quoted_printable, base64, uuencode };

struct DecodedBytes {
  std::string bytes;
  bool damaged = false;  // truncated, or with characters that do not belong there
};

TransferEncoding transfer_encoding_of(std::string_view label);
DecodedBytes decode_transfer(std::string_view raw, TransferEncoding encoding);

std::string decode_quoted_word(std::string_view text);  // the Q encoding of RFC 2047: _ is a blank

// For mail that we send: lines of at most 76 characters, ended by CRLF; binary-safe.
std::string encode_quoted_printable(std::string_view bytes);
std::string encode_base64_lines(std::string_view bytes);

}  // namespace answerable::mail
