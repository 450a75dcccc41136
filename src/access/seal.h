// Secrets at rest in the tables of this folder and of intake: XChaCha20-Poly1305 (libsodium) under a key of the
// installation, bound to whose it is, so that a row that is moved to another one does not open. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::access {

// `key`: 32 bytes. The nonce, then the sealed bytes.
std::string seal(std::string_view key, std::string_view whose, std::string_view secret);
// Errors: internal "secret_unreadable": another key or owner, or a changed row.
Result<std::string> unseal(std::string_view key, std::string_view whose, std::string_view stored);

// Sealed under `to`; what is so already stays. Nothing: it opens under neither key.
std::optional<std::string> reseal(std::string_view from, std::string_view to, std::string_view whose,
                                  std::string_view stored);

}  // namespace answerable::access
