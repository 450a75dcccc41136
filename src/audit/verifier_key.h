// The text of a key of signed notes (C2SP signed-note, "Verifier keys"): name+hash+base64 of the algorithm's byte and
// 32 bytes of key. Base64 has a plus of its own.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace answerable::audit {

struct VerifierKey {
  std::string_view name, hash;  // of the text; that the hash fits is for the caller to see
  std::string bytes;            // 32, without the algorithm
};

// What is wrong with it, where it is not well formed.
std::expected<VerifierKey, std::string_view> split_verifier_key(std::string_view text, char algorithm);
// 1 to 200 characters of printable ASCII without blanks and plus.
bool is_key_name(std::string_view name);

}  // namespace answerable::audit
