// A file descriptor that closes itself, and the few durable operations on files that blobs need.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace answerable::store {

class File {
 public:
  explicit File(int descriptor = -1) : descriptor_(descriptor) {}
  ~File();
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  Status write_all(std::string_view bytes) const;
  // At most `bytes_max`; a longer file is cut off there.
  Result<std::string> read_all(std::size_t bytes_max) const;
  Status sync() const;

 private:
  int descriptor_;
};

// What errno says: limited "storage_full" or unavailable "storage_unavailable".
std::unexpected<Error> storage_error(std::string_view what);
// Makes the names in a folder durable.
Status sync_folder(const std::string& path);
// Puts `bytes` in the place of the file: whoever reads it meanwhile, or after a crash, finds all of the old or all of
// the new. Durable when it returns. Only its owner may read it. Of one process, one thread at a time.
Status replace_file(const std::string& path, std::string_view bytes);

}  // namespace answerable::store
