#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "store/file_lock.h"

namespace answerable::store {
namespace {

std::string holder(int descriptor) {
  char text[32] = {};
  auto size = ::pread(descriptor, text, sizeof text - 1, 0);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string("unknown");
}

}  // namespace

Result<std::unique_ptr<FileLock>> FileLock::take(const std::string& path) {
  int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(ErrorKind::unavailable, "storage_unavailable", "Cannot open " + path + ": " + std::strerror(errno));
  auto lock = std::unique_ptr<FileLock>(new FileLock(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorKind::conflict, "database_in_use",
                "Process " + holder(descriptor) + " holds " + path + ": stop it first, or use another data folder.");
  // For people who read the file; the lock itself is what counts.
  auto pid = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) == 0) {
    [[maybe_unused]] auto written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
  }
  return lock;
}

FileLock::~FileLock() { ::close(descriptor_); }

}  // namespace answerable::store
