// The parameters of a Content-Type or Content-Disposition field (RFC 2045 section 5.1, RFC 2231) in their best reading:
// quotes that are missing or stand inside, encoded words where RFC 2047 forbids them, continuations in any order. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::mail {

class MimeParameters {
 public:
  // `field` as it stands in the message, folded or not. Parameters beyond max_mime_parameters are not read.
  explicit MimeParameters(std::string_view field);

  // Decoded, valid UTF-8; empty when there is none. `name` in lower case. Of several forms the one of RFC 2231 counts.
  std::string find(std::string_view name) const;

 private:
  struct Piece {
    std::string name;      // lower case, without *
    std::size_t part = 0;  // of a continuation: name*3
    bool is_extended = false, is_continued = false;
    std::string value;
  };
  void take_piece(std::string_view& rest);
  std::string join(std::string_view name) const;

  std::vector<Piece> pieces_;
};

}  // namespace answerable::mail
