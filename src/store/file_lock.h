// One holder of a file at a time, among processes of one machine (flock). Ends with the process, however it ends.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace answerable::store {

// Keeps a second process (or a second Database of this process) from opening the same file for writing, as long as it
// lives.
class FileLock {
 public:
  // Errors: conflict "database_in_use", unavailable "storage_unavailable".
  static Result<std::unique_ptr<FileLock>> take(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace answerable::store
