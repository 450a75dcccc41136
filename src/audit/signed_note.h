// The signature lines of a C2SP signed note with Ed25519: what checkpoints and changes of the key have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/signing_key.h"

namespace answerable::audit {

inline constexpr std::size_t note_bytes_max = 8'192;           // with the signatures of witnesses
inline constexpr std::string_view signature_mark = "\u2014 ";  // an em dash and a blank begin each signature line

// "— <name> <base64 of the key's hash under this name and the signature>\n". `body` ends with LF.
std::string signature_line(const SigningKey& key, std::string_view name, std::string_view body);

enum class Signature : std::uint8_t { of_another, good, bad };
// `line` begins with signature_mark and has no LF. of_another: of another name or key.
Signature judge_signature(const PublicKey& key, std::string_view name, std::string_view body, std::string_view line);

// Takes the first line off the front, without its LF; nothing when none ends.
std::optional<std::string_view> take_line(std::string_view& rest);
// Decimal without leading zeros.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace answerable::audit
