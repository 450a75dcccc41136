#include "store/free_space.h"

#include <sys/statvfs.h>

namespace answerable::store {

Status check_free_space(const std::string& folder, std::uint64_t bytes_min, std::uint64_t bytes) {
  struct statvfs disk{};
  if (::statvfs(folder.c_str(), &disk) != 0) return {};
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= bytes && free - bytes >= bytes_min) return {};
  return fail(ErrorKind::limited, "storage_low", "The disk is nearly full: try again when there is room.");
}

}  // namespace answerable::store
