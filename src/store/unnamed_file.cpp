#include "store/unnamed_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "base/random.h"

namespace answerable::store {

namespace {
constexpr std::size_t pending_bytes_max = 256UL << 10;
}

Result<std::shared_ptr<const MappedBytes>> MappedBytes::of(const File& file) {
  struct stat about{};
  if (!file.is_open() || ::fstat(file.descriptor(), &about) != 0) return storage_error("look at");
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size == 0) return std::shared_ptr<const MappedBytes>(new MappedBytes(std::string_view()));
  void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.descriptor(), 0);
  if (bytes == MAP_FAILED) return storage_error("map");
  ::madvise(bytes, size, MADV_SEQUENTIAL);
  return std::shared_ptr<const MappedBytes>(new MappedBytes(std::string_view(static_cast<const char*>(bytes), size)));
}

Result<std::shared_ptr<const MappedBytes>> MappedBytes::of(const std::string& path) {
  return of(File(::open(path.c_str(), O_RDONLY | O_CLOEXEC)));
}

MappedBytes::~MappedBytes() {
  if (!view_.empty()) ::munmap(const_cast<char*>(view_.data()), view_.size());
}

Result<UnnamedFile> UnnamedFile::make(std::uint64_t bytes_max) {
  const char* wanted = std::getenv("TMPDIR");
  const auto name = std::string(wanted && *wanted ? wanted : "/var/tmp") + "/answerable-" + random_token(16);
  File file(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return storage_error("create");
  ::unlink(name.c_str());
  return UnnamedFile(std::move(file), bytes_max);
}

Status UnnamedFile::append(std::string_view bytes) {
  if (bytes.size() > bytes_max_ - size_)
    return fail(ErrorKind::limited, "file_too_large", "This would be larger than it may be.");
  size_ += bytes.size();
  if (pending_.size() + bytes.size() > pending_bytes_max) TRY_STATUS(write_out());
  if (bytes.size() > pending_bytes_max) return file_.write_all(bytes);  // a mapped file: never a copy of it
  pending_ += bytes;
  return {};
}

Status UnnamedFile::write_out() {
  TRY_STATUS(file_.write_all(pending_));
  pending_.clear();
  return {};
}

Result<std::shared_ptr<const MappedBytes>> UnnamedFile::finish() {
  TRY_STATUS(write_out());
  return MappedBytes::of(file_);
}

}  // namespace answerable::store
