#include "store/blobs.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "base/encoding.h"
#include "base/ensure.h"
#include "base/log.h"
#include "base/random.h"
#include "store/blob_holds.h"
#include "store/file.h"
#include "store/sealed_bytes.h"
#include "store/spooled_bytes.h"

namespace answerable::store {
namespace {

constexpr auto half_written_age = std::chrono::hours(1);  // nobody writes one blob for so long
constexpr unsigned folders = 256;

Status make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return storage_error("mkdir " + path);
}

bool is_older(const struct stat& status, Time time) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000 + status.st_mtim.tv_nsec / 1'000'000 < time.ms;
}

// The name of a blob's file as bytes; nothing for what is no blob of ours.
std::optional<Digest> name_from(const std::string& filename) {
  Digest name{};
  auto bytes = from_hex(filename);
  if (!bytes || bytes->size() != name.size()) return std::nullopt;
  std::memcpy(name.data(), bytes->data(), name.size());
  return name;
}

// The files that one pass of a sweep may remove.
class Candidates {
 public:
  explicit Candidates(std::vector<Digest> names) : names_(std::move(names)), is_referred_(names_.size()) {
    std::ranges::sort(names_);
  }
  void cross_out(const Digest& name) {
    auto at = std::ranges::lower_bound(names_, name);
    if (at != names_.end() && *at == name) is_referred_[static_cast<std::size_t>(at - names_.begin())] = true;
  }
  // F: Status(const Digest& name)
  template <class F>
  Status each_left(F&& act) const {
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (!is_referred_[i]) TRY_STATUS(act(names_[i]));
    return {};
  }

 private:
  std::vector<Digest> names_;
  std::vector<bool> is_referred_;
};

Status go_on(const std::stop_token& stop) {
  if (!stop.stop_requested()) return {};
  return fail(ErrorKind::unavailable, "stopped", "The sweep was ended early; the next one goes on.");
}

std::unexpected<Error> too_large(std::uint64_t bytes_max) {
  return fail(ErrorKind::limited, "blob_too_large", "A file may have " + std::to_string(bytes_max) + " bytes.");
}

// The next sealed_piece_bytes of a blob, or the rest of it; valid until the next call.
using Pieces = std::function<Result<std::string_view>()>;

class FolderOfBlobs final : public Blobs {
 public:
  FolderOfBlobs(std::string folder, std::string_view key, std::uint64_t bytes_max)
      : folder_(std::move(folder)), key_(key), bytes_max_(bytes_max) {}
  ~FolderOfBlobs() override { sodium_memzero(key_.data(), key_.size()); }

  Status prepare();
  Result<StoredBlob> put(std::string_view bytes) override;
  Result<std::unique_ptr<BlobReceiver>> receive() override;
  Result<std::string> get(const Digest& digest) override;
  Status remove(const Digest& digest) override;
  Status sweep(const BlobSweep& how, SweptBlobs& swept) override;

 private:
  class Receiver;
  struct Place {
    std::string folder, file;
  };
  Digest name_of(const Digest& digest) const;
  Place place_of(const Digest& name) const;
  void forget_half_written() const;
  Result<StoredBlob> put_pieces(const Digest& digest, std::size_t size, const Pieces& next);
  Status write(const Place& place, const Digest& digest, std::size_t size, const Pieces& next);
  Status list_old(unsigned number, Time put_before, std::vector<Digest>& names) const;
  Status sweep_pass(const BlobSweep& how, unsigned& number, SweptBlobs& swept);
  Status remove_old(const Digest& name, Time put_before, SweptBlobs& swept) const;

  const std::string folder_;
  std::string key_;
  const std::uint64_t bytes_max_;
  const std::shared_ptr<BlobHolds> holds_ = std::make_shared<BlobHolds>();
  std::mutex sweeping_;
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

Digest FolderOfBlobs::name_of(const Digest& digest) const {
  return hmac_sha256(key_, std::string("blob name") + std::string(as_bytes(digest)));
}

FolderOfBlobs::Place FolderOfBlobs::place_of(const Digest& name) const {
  auto hex = to_hex(as_bytes(name));
  auto folder = folder_ + "/" + hex.substr(0, 2);
  return {folder, folder + "/" + hex};
}

Status FolderOfBlobs::write(const Place& place, const Digest& digest, std::size_t size, const Pieces& next) {
  auto temporary = folder_ + "/new/" + random_token(16);
  File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return storage_error("create");
  auto write_pieces = [&]() -> Status {
    Sealer sealer(key_, as_bytes(digest));
    TRY_STATUS(file.write_all(sealer.head()));
    auto left = size;
    do {
      TRY(const auto piece, next());
      ensure(piece.size() == std::min(left, sealed_piece_bytes), "a blob has the size that was said");
      left -= piece.size();
      TRY_STATUS(file.write_all(sealer.seal(piece, left == 0)));
    } while (left > 0);
    return file.sync();
  };
  auto written = write_pieces();
  if (written && ::rename(temporary.c_str(), place.file.c_str()) != 0) written = storage_error("rename");
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<StoredBlob> FolderOfBlobs::put_pieces(const Digest& digest, std::size_t size, const Pieces& next) {
  auto name = name_of(digest);
  auto place = place_of(name);
  // Before the look at the file: what is seen to be there is not removed any more.
  StoredBlob stored{.digest = digest, .hold = holds_->hold(name)};
  struct stat status{};
  bool is_there = ::stat(place.file.c_str(), &status) == 0 &&
                  static_cast<std::size_t>(status.st_size) == sealed_size(size) &&
                  ::utimensat(AT_FDCWD, place.file.c_str(), nullptr, 0) == 0;
  if (!is_there) {
    if (::access(place.folder.c_str(), F_OK) != 0) {
      TRY_STATUS(make_folder(place.folder));
      TRY_STATUS(sync_folder(folder_));
    }
    TRY_STATUS(write(place, digest, size, next));
  }
  // Also when it was there: whoever put it may have died before this.
  TRY_STATUS(sync_folder(place.folder));
  return stored;
}

Result<StoredBlob> FolderOfBlobs::put(std::string_view bytes) {
  if (bytes.size() > bytes_max_) return too_large(bytes_max_);
  auto rest = bytes;
  return put_pieces(sha256(bytes), bytes.size(), [&]() -> Result<std::string_view> {
    const auto piece = rest.substr(0, sealed_piece_bytes);
    rest.remove_prefix(piece.size());
    return piece;
  });
}

class FolderOfBlobs::Receiver final : public BlobReceiver {
 public:
  Receiver(FolderOfBlobs& blobs, std::unique_ptr<SpooledBytes> spooled) : blobs_(blobs), spooled_(std::move(spooled)) {}
  Status append(std::string_view bytes) override {
    if (spooled_->size() + bytes.size() > blobs_.bytes_max_) return too_large(blobs_.bytes_max_);
    return spooled_->append(bytes);
  }
  std::uint64_t size() const override { return spooled_->size(); }
  Result<StoredBlob> finish() override {
    TRY(const auto digest, spooled_->finish());
    std::string piece;
    return blobs_.put_pieces(digest, spooled_->size(), [&]() -> Result<std::string_view> {
      TRY(piece, spooled_->next());
      return std::string_view(piece);
    });
  }

 private:
  FolderOfBlobs& blobs_;
  const std::unique_ptr<SpooledBytes> spooled_;
};

Result<std::unique_ptr<BlobReceiver>> FolderOfBlobs::receive() {
  TRY(auto spooled, SpooledBytes::make(folder_ + "/new"));
  return std::make_unique<Receiver>(*this, std::move(spooled));
}

// The plain bytes are in memory once, and of the sealed ones a piece.
Result<std::string> FolderOfBlobs::get(const Digest& digest) {
  auto place = place_of(name_of(digest));
  File file(::open(place.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT)
    return fail(ErrorKind::not_found, "blob_missing", "The file is not there any more.");
  struct stat status{};
  if (!file.is_open() || ::fstat(file.descriptor(), &status) != 0) return storage_error("open");
  TRY(const auto head, file.read_all(sealed_head_bytes));
  Opener opener(key_, as_bytes(digest), head);
  std::string plain;
  plain.reserve(std::min(static_cast<std::size_t>(status.st_size), sealed_size(blob_bytes_max)));
  bool is_whole = static_cast<std::size_t>(status.st_size) <= sealed_size(blob_bytes_max);
  while (is_whole) {
    TRY(const auto sealed, file.read_all(sealed_piece_bytes + sealed_piece_overhead));
    if (sealed.empty()) break;
    is_whole = opener.open(sealed, plain);
  }
  if (!is_whole || !opener.is_at_end() || sha256(plain) != digest) {
    log::error("blob_damaged", {{"file", place.file}});
    return fail(ErrorKind::internal, "blob_damaged", "The stored file is damaged: restore it from a backup.");
  }
  return plain;
}

Status FolderOfBlobs::remove(const Digest& digest) {
  auto place = place_of(name_of(digest));
  if (::unlink(place.file.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return storage_error("remove");
  }
  return sync_folder(place.folder);
}

Status FolderOfBlobs::list_old(unsigned number, Time put_before, std::vector<Digest>& names) const {
  namespace fs = std::filesystem;
  const auto prefix = static_cast<char>(number);
  const auto folder = folder_ + "/" + to_hex({&prefix, 1});
  std::error_code error;
  fs::directory_iterator at(folder, error);
  if (error == std::errc::no_such_file_or_directory) return {};
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    auto name = name_from(at->path().filename());
    struct stat status{};
    if (name && ::stat(at->path().c_str(), &status) == 0 && is_older(status, put_before)) names.push_back(*name);
  }
  if (!error) return {};
  errno = error.value();
  return storage_error("list " + folder);
}

// Holds are of one process. Another node that puts the blob at this moment makes its file young: so the file is taken
// away first and looked at then; a put that comes later finds none and writes it. Without a sync: a file that a crash
// brings back is swept again.
Status FolderOfBlobs::remove_old(const Digest& name, Time put_before, SweptBlobs& swept) const {
  const auto place = place_of(name);
  const auto aside = folder_ + "/new/" + random_token(16);
  struct stat status{};
  if (::stat(place.file.c_str(), &status) != 0 || !is_older(status, put_before)) return {};
  if (::rename(place.file.c_str(), aside.c_str()) != 0) return errno == ENOENT ? Status() : storage_error("remove");
  if (::stat(aside.c_str(), &status) != 0) return storage_error("remove");
  if (!is_older(status, put_before)) {
    if (::rename(aside.c_str(), place.file.c_str()) != 0) return storage_error("put back");
    return {};
  }
  if (::unlink(aside.c_str()) != 0) return storage_error("remove");
  ++swept.files;
  swept.bytes += static_cast<std::uint64_t>(status.st_size);
  return {};
}

// Whole folders from `number` on, as many as fit. The protection begins before the rows are read: who let go before
// that had committed, and his row is in the snapshot.
Status FolderOfBlobs::sweep_pass(const BlobSweep& how, unsigned& number, SweptBlobs& swept) {
  BlobHolds::Sweep sweep(*holds_);
  std::vector<Digest> names;
  while (number < folders && (names.empty() || names.size() < how.names_at_once_max)) {
    TRY_STATUS(go_on(how.stop));
    TRY_STATUS(list_old(number++, how.put_before, names));
  }
  if (names.empty()) return {};
  Candidates candidates(std::move(names));
  TRY_STATUS(how.each_referred([&](const Digest& digest) {
    candidates.cross_out(name_of(digest));
    return go_on(how.stop);
  }));
  return candidates.each_left([&](const Digest& name) -> Status {
    TRY_STATUS(go_on(how.stop));
    Status removed;
    sweep.unless_held(name, [&] { removed = remove_old(name, how.put_before, swept); });
    return removed;
  });
}

Status FolderOfBlobs::sweep(const BlobSweep& how, SweptBlobs& swept) {
  std::lock_guard alone(sweeping_);
  for (unsigned number = 0; number < folders;) TRY_STATUS(sweep_pass(how, number, swept));
  return {};
}

}  // namespace

Result<std::unique_ptr<Blobs>> open_blobs(const std::string& folder, std::string_view key, std::uint64_t bytes_max) {
  ensure(key.size() == 32 && bytes_max <= blob_bytes_max, "a blob key has 32 bytes");
  auto blobs = std::make_unique<FolderOfBlobs>(folder, key, bytes_max);
  TRY_STATUS(blobs->prepare());
  return blobs;
}

}  // namespace answerable::store
