// Large immutable bytes (attachments, big raw messages) as files, found by the SHA-256 of their content and encrypted
// at rest with the installation's blob key (XChaCha20-Poly1305 in chunks, libsodium's secretstream). A file's name is a
// keyed hash of that digest, so that whoever sees the disk cannot tell which known file is there; a name from a
// stranger never becomes part of a path. Format of a file: docs/formats/blobs.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

namespace answerable::store {

inline constexpr std::uint64_t blob_bytes_max = 256ULL << 20;  // of one blob: it is held in memory

// Keeps a blob from being swept until the last copy of the hold is gone. Any thread; may outlive its Blobs.
using BlobHold = std::shared_ptr<const void>;

struct StoredBlob {
  Digest digest{};
  BlobHold hold;  // to be kept until the row that refers to the blob is committed, or never will be
};

struct BlobSweep {
  Time put_before;  // what was put later stays in any case (wall clock)
  // Calls its argument with the digest of every blob that a row refers to, all read in one snapshot that it begins
  // itself. Called once a pass.
  std::function<Status(const std::function<Status(const Digest&)>&)> each_referred;
  std::stop_token stop = {};                // ends the sweep early, with unavailable "stopped"
  std::size_t names_at_once_max = 262'144;  // files of one pass, and one folder more: 33 bytes each in memory
};

struct SweptBlobs {
  std::uint64_t files = 0, bytes = 0;  // removed; as they were on the disk
};

// A blob that comes in pieces, however large: some of it is in memory, the rest on the disk, encrypted with a key that
// goes with the process. One thread at a time; its Blobs outlive it. What is not finished is forgotten.
class BlobReceiver {
 public:
  virtual ~BlobReceiver() = default;
  // Errors: limited "blob_too_large", "storage_full", unavailable "storage_unavailable".
  virtual Status append(std::string_view bytes) = 0;
  virtual std::uint64_t size() const = 0;
  // As Blobs::put(), of all that was appended. Once.
  virtual Result<StoredBlob> finish() = 0;
};

// Thread-safe. Several processes may write one folder that they share, if one of them sweeps: what the others have put
// is kept by its age, not by their holds.
class Blobs {
 public:
  virtual ~Blobs() = default;
  // Durable when it returns: written to a temporary file, synced, renamed, folder synced. Storing the same bytes again
  // is nearly free, and makes them as young as new ones. Errors: limited "blob_too_large", limited "storage_full",
  // unavailable "storage_unavailable".
  virtual Result<StoredBlob> put(std::string_view bytes) = 0;
  // Errors: those of a put.
  virtual Result<std::unique_ptr<BlobReceiver>> receive() = 0;
  // Errors: not_found "blob_missing", internal "blob_damaged" (the content does not match its name or was tampered
  // with).
  virtual Result<std::string> get(const Digest& digest) = 0;
  // Removing what is not there is no error.
  virtual Status remove(const Digest& digest) = 0;
  // Removes every blob that is old enough, is not held, and that no row refers to. Blocks, one at a time; puts and gets
  // go on beside it. Errors: those of `each_referred`, unavailable "stopped" / "storage_unavailable"; `swept` counts
  // what was removed until then too.
  virtual Status sweep(const BlobSweep& how, SweptBlobs& swept) = 0;
};

// `folder` is created if absent; `key` is 32 secret bytes.
Result<std::unique_ptr<Blobs>> open_blobs(const std::string& folder, std::string_view key,
                                          std::uint64_t bytes_max = blob_bytes_max);

}  // namespace answerable::store
