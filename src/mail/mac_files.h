// Files as old Macintosh programs send them: BinHex 4.0 (application/mac-binhex40) and AppleSingle, the file of two
// forks in one (RFC 1740, RFC 1741). What is read is the data fork, which is the file on any other system. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace answerable::mail {

struct MacFile {
  std::string name;  // valid UTF-8; may be empty
  std::string content;
  bool damaged = false;  // a checksum does not fit, or the end is missing
};

// `text` may begin with other lines. nullopt when there is no BinHex in it, or more than max_bytes.
std::optional<MacFile> read_binhex(std::string_view text, std::size_t max_bytes);

// nullopt when it is no AppleSingle file with a data fork.
std::optional<MacFile> read_apple_single(std::string_view bytes);

}  // namespace answerable::mail
