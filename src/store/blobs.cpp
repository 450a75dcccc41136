#include "store/blobs.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>

#include "base/encoding.h"
#include "base/ensure.h"
#include "base/log.h"
#include "base/random.h"
#include "store/file.h"
#include "store/sealed_bytes.h"

namespace answerable::store {
namespace {

constexpr auto half_written_age = std::chrono::hours(1);  // nobody writes one blob for so long

Status make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return storage_error("mkdir " + path);
}

class FolderOfBlobs final : public Blobs {
 public:
  FolderOfBlobs(std::string folder, std::string_view key, std::uint64_t bytes_max)
      : folder_(std::move(folder)), key_(key), bytes_max_(bytes_max) {}
  ~FolderOfBlobs() override { sodium_memzero(key_.data(), key_.size()); }

  Status prepare();
  Result<Digest> put(std::string_view bytes) override;
  Result<std::string> get(const Digest& digest) override;
  Status remove(const Digest& digest) override;

 private:
  struct Place {
    std::string folder, file;
  };
  Place place_of(const Digest& digest) const;
  void forget_half_written() const;
  Status write(const Place& place, std::string_view sealed);

  const std::string folder_;
  std::string key_;
  const std::uint64_t bytes_max_;
};

Status FolderOfBlobs::prepare() {
  TRY_STATUS(make_folder(folder_));
  TRY_STATUS(make_folder(folder_ + "/new"));
  forget_half_written();
  return sync_folder(folder_);
}

// What a crash has left; nobody was told that it is stored. Only what is old: a tool may open the folder of a server
// that is just writing.
void FolderOfBlobs::forget_half_written() const {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (fs::directory_iterator at(folder_ + "/new", ignored), end; at != end; at.increment(ignored)) {
    auto written = fs::last_write_time(at->path(), ignored);
    if (!ignored && fs::file_time_type::clock::now() - written > half_written_age) fs::remove(at->path(), ignored);
  }
}

FolderOfBlobs::Place FolderOfBlobs::place_of(const Digest& digest) const {
  auto name = to_hex(as_bytes(hmac_sha256(key_, std::string("blob name") + std::string(as_bytes(digest)))));
  auto folder = folder_ + "/" + name.substr(0, 2);
  return {folder, folder + "/" + name};
}

Status FolderOfBlobs::write(const Place& place, std::string_view sealed) {
  auto temporary = folder_ + "/new/" + random_token(16);
  File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return storage_error("create");
  auto written = file.write_all(sealed);
  if (written) written = file.sync();
  if (written && ::rename(temporary.c_str(), place.file.c_str()) != 0) written = storage_error("rename");
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<Digest> FolderOfBlobs::put(std::string_view bytes) {
  if (bytes.size() > bytes_max_)
    return fail(ErrorKind::limited, "blob_too_large", "A file may have " + std::to_string(bytes_max_) + " bytes.");
  auto digest = sha256(bytes);
  auto place = place_of(digest);
  struct stat status{};
  bool is_there =
      ::stat(place.file.c_str(), &status) == 0 && static_cast<std::size_t>(status.st_size) == sealed_size(bytes.size());
  if (!is_there) {
    if (::access(place.folder.c_str(), F_OK) != 0) {
      TRY_STATUS(make_folder(place.folder));
      TRY_STATUS(sync_folder(folder_));
    }
    TRY_STATUS(write(place, seal_bytes(key_, as_bytes(digest), bytes)));
  }
  // Also when it was there: whoever put it may have died before this.
  TRY_STATUS(sync_folder(place.folder));
  return digest;
}

Result<std::string> FolderOfBlobs::get(const Digest& digest) {
  auto place = place_of(digest);
  File file(::open(place.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT)
    return fail(ErrorKind::not_found, "blob_missing", "The file is not there any more.");
  if (!file.is_open()) return storage_error("open");
  TRY(auto sealed, file.read_all(sealed_size(blob_bytes_max) + 1));
  auto plain = open_bytes(key_, as_bytes(digest), sealed);
  if (!plain || sha256(*plain) != digest) {
    log::error("blob_damaged", {{"file", place.file}});
    return fail(ErrorKind::internal, "blob_damaged", "The stored file is damaged: restore it from a backup.");
  }
  return *std::move(plain);
}

Status FolderOfBlobs::remove(const Digest& digest) {
  auto place = place_of(digest);
  if (::unlink(place.file.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return storage_error("remove");
  }
  return sync_folder(place.folder);
}

}  // namespace

Result<std::unique_ptr<Blobs>> open_blobs(const std::string& folder, std::string_view key, std::uint64_t bytes_max) {
  ensure(key.size() == 32 && bytes_max <= blob_bytes_max, "a blob key has 32 bytes");
  auto blobs = std::make_unique<FolderOfBlobs>(folder, key, bytes_max);
  TRY_STATUS(blobs->prepare());
  return blobs;
}

}  // namespace answerable::store
