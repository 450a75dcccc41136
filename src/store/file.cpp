#include "store/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace answerable::store {

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status File::write_all(std::string_view bytes) const {
  while (!bytes.empty()) {
    auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return storage_error("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> File::read_all(std::size_t bytes_max) const {
  std::string bytes;
  constexpr std::size_t step = 1U << 20;
  while (bytes.size() < bytes_max) {
    auto had = bytes.size();
    bytes.resize(had + std::min(step, bytes_max - had));
    auto got = ::read(descriptor_, bytes.data() + had, bytes.size() - had);
    if (got < 0 && errno != EINTR) return storage_error("read");
    bytes.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) break;
  }
  return bytes;
}

Status File::sync() const {
  if (::fsync(descriptor_) != 0) return storage_error("sync");
  return {};
}

std::unexpected<Error> storage_error(std::string_view what) {
  if (errno == ENOSPC || errno == EDQUOT)
    return fail(ErrorKind::limited, "storage_full", "The disk is full: free some space.");
  return fail(ErrorKind::unavailable, "storage_unavailable",
              "The disk reports an error (" + std::string(what) + ": " + std::strerror(errno) + ").");
}

Status sync_folder(const std::string& path) {
  File folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return storage_error("open folder");
  return folder.sync();
}

Status replace_file(const std::string& path, std::string_view bytes) {
  const auto draft = path + "." + std::to_string(::getpid()) + ".new";
  const auto written = [&]() -> Status {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) return storage_error("create " + draft);
    TRY_STATUS(file.write_all(bytes));
    TRY_STATUS(file.sync());
    if (std::rename(draft.c_str(), path.c_str()) != 0) return storage_error("rename " + draft);
    return {};
  }();
  if (!written) ::unlink(draft.c_str());
  TRY_STATUS(written);
  const auto slash = path.rfind('/');
  return sync_folder(slash == std::string::npos ? "." : path.substr(0, slash + 1));
}

}  // namespace answerable::store
