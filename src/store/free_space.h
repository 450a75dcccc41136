// Does the disk of a folder have room for more? Asked before something is taken on that could not be kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace answerable::store {

// What an ordinary user may still write there; none when the folder cannot be asked (errno says why). Any thread.
std::optional<std::uint64_t> free_bytes(const std::string& folder);

// May `bytes` more come when `bytes_min` stay free afterwards? Any thread; a few microseconds on a local disk. A folder
// that cannot be asked has room: the write itself will tell. Errors: limited "storage_low".
Status check_free_space(const std::string& folder, std::uint64_t bytes_min, std::uint64_t bytes);

}  // namespace answerable::store
