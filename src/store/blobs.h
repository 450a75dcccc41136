// Large immutable bytes (attachments, big raw messages) as files, found by the SHA-256 of their content and encrypted
// at rest with the installation's blob key (XChaCha20-Poly1305 in chunks, libsodium's secretstream). A file's name is a
// keyed hash of that digest, so that whoever sees the disk cannot tell which known file is there; a name from a
// stranger never becomes part of a path. Format of a file: docs/formats/blobs.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/result.h"

namespace answerable::store {

inline constexpr std::uint64_t blob_bytes_max = 256ULL << 20;  // of one blob: it is held in memory

// Thread-safe. One process writes; others may read beside it.
class Blobs {
 public:
  virtual ~Blobs() = default;
  // Durable when it returns: written to a temporary file, synced, renamed, folder synced. Storing the same bytes again
  // is nearly free. Errors: limited "blob_too_large", limited "storage_full", unavailable "storage_unavailable".
  virtual Result<Digest> put(std::string_view bytes) = 0;
  // Errors: not_found "blob_missing", internal "blob_damaged" (the content does not match its name or was tampered
  // with).
  virtual Result<std::string> get(const Digest& digest) = 0;
  // Removing what is not there is no error.
  virtual Status remove(const Digest& digest) = 0;
};

// `folder` is created if absent; `key` is 32 secret bytes.
Result<std::unique_ptr<Blobs>> open_blobs(const std::string& folder, std::string_view key,
                                          std::uint64_t bytes_max = blob_bytes_max);

}  // namespace answerable::store
