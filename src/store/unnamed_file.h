// Bytes that are too many for memory, on their way out of the process: in a file without a name, which goes with its
// last user, and read where they lie (mmap), so that the kernel keeps in memory only what is in use.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/file.h"

namespace answerable::store {

// The bytes of a file. Whoever cuts the file off meanwhile ends the process: for files that nobody else writes.
class MappedBytes {
 public:
  // Errors: those of storage_error().
  static Result<std::shared_ptr<const MappedBytes>> of(const File& file);
  static Result<std::shared_ptr<const MappedBytes>> of(const std::string& path);
  ~MappedBytes();
  MappedBytes(const MappedBytes&) = delete;
  MappedBytes& operator=(const MappedBytes&) = delete;
  std::string_view view() const { return view_; }

 private:
  explicit MappedBytes(std::string_view view) : view_(view) {}
  std::string_view view_;
};

// One thread at a time.
class UnnamedFile {
 public:
  // In the folder that TMPDIR names, or /var/tmp. Errors: those of storage_error().
  static Result<UnnamedFile> make(std::uint64_t bytes_max);
  // Errors: limited "file_too_large" beyond bytes_max; those of storage_error().
  Status append(std::string_view bytes);
  // Nothing is appended after it.
  Result<std::shared_ptr<const MappedBytes>> finish();

 private:
  UnnamedFile(File file, std::uint64_t bytes_max) : file_(std::move(file)), bytes_max_(bytes_max) {}
  Status write_out();

  File file_;
  std::uint64_t bytes_max_;
  std::uint64_t size_ = 0;
  std::string pending_;
};

}  // namespace answerable::store
