// Which passwords are accepted: NIST SP 800-63B-4 section 3.1.1. Length and a list of what is guessed first; no rules
// about kinds of characters, no expiry. Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace answerable::access {

// Code points, counted after composition (NFC).
inline constexpr std::size_t password_characters_min = 15;             // when it is all that is asked for
inline constexpr std::size_t password_characters_min_with_second = 8;  // beside a second factor
// Of UTF-8: 64 characters of any script at least, and a bound for what is hashed.
inline constexpr std::size_t password_bytes_max = 256;

class BreachedPasswords;

// Whose password it is to be. What stands here is guessed first as well.
struct PasswordContext {
  std::string_view mail_address, name, workspace;
  bool has_second_factor = false;
  const BreachedPasswords* breached = nullptr;  // none: our own list alone
};

// Errors: invalid "password_too_short", "password_too_long", "password_too_common",
// "password_breached"; unavailable "breached_passwords_unreadable".
Status check_password_rules(std::string_view password, const PasswordContext& context);

// Whether it is too short to stand alone: then it goes when the second factor goes.
bool needs_second_factor(std::string_view password);

}  // namespace answerable::access
