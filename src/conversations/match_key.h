// Message-IDs are long and chosen by strangers: they are looked up by 16 bytes of their SHA-256, and compared in full
// afterwards.
#pragma once

#include <string>
#include <string_view>

#include "base/digest.h"

namespace answerable::conversations {

inline constexpr std::size_t external_id_max_bytes = 998;

inline std::string match_key(std::string_view external_id) {
  auto digest = sha256(external_id);
  return std::string(as_bytes(digest).substr(0, 16));
}

}  // namespace answerable::conversations
