#include "store/free_space.h"

#include <sys/statvfs.h>

namespace answerable::store {

std::optional<std::uint64_t> free_bytes(const std::string& folder) {
  struct statvfs disk{};
  if (::statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

Status check_free_space(const std::string& folder, std::uint64_t bytes_min, std::uint64_t bytes) {
  const auto free = free_bytes(folder);
  if (!free || (*free >= bytes && *free - bytes >= bytes_min)) return {};
  return fail(ErrorKind::limited, "storage_low", "The disk is nearly full: try again when there is room.");
}

}  // namespace answerable::store
