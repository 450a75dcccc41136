// Bytes on their way into a blob, whose name is only known when the last has come: in a file without a name, encrypted
// with a key that is in this process alone and goes with it. A piece of them is in memory. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/result.h"
#include "base/sha256_stream.h"
#include "store/file.h"
#include "store/sealed_bytes.h"

namespace answerable::store {

class SpooledBytes {
 public:
  // `folder` holds the file. Errors: those of storage_error().
  static Result<std::unique_ptr<SpooledBytes>> make(const std::string& folder);

  Status append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  // Nothing is appended after it. SHA-256 of all.
  Result<Digest> finish();
  // After finish(): the bytes from their beginning, sealed_piece_bytes a call and the rest at last.
  Result<std::string> next();

 private:
  SpooledBytes(File file, std::string key);
  Status write(std::string_view piece, bool is_last);

  File file_;
  const std::string key_;
  Sealer sealer_;
  std::unique_ptr<Opener> opener_;
  Sha256Stream hash_;
  std::string pending_;  // at most one piece
  std::uint64_t size_ = 0;
};

}  // namespace answerable::store
