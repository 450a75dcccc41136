// Encryption of one blob: docs/formats/blobs.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace answerable::store {

// `key`: 32 bytes. `context` is bound to the result: opening with another one fails.
std::string seal_bytes(std::string_view key, std::string_view context, std::string_view plain);
// Nothing when a bit was changed, something is missing, or the key or context is another.
std::optional<std::string> open_bytes(std::string_view key, std::string_view context, std::string_view sealed);
// The size of what seal_bytes returns.
std::size_t sealed_size(std::size_t plain);

}  // namespace answerable::store
