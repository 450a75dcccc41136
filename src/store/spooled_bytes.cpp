#include "store/spooled_bytes.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/ensure.h"
#include "base/random.h"

namespace answerable::store {

Result<std::unique_ptr<SpooledBytes>> SpooledBytes::make(const std::string& folder) {
  const auto name = folder + "/" + random_token(16);
  File file(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return storage_error("create");
  ::unlink(name.c_str());
  std::string key(crypto_secretstream_xchacha20poly1305_KEYBYTES, '\0');
  ensure(sodium_init() >= 0, "libsodium starts");
  crypto_secretstream_xchacha20poly1305_keygen(reinterpret_cast<unsigned char*>(key.data()));
  std::unique_ptr<SpooledBytes> made(new SpooledBytes(std::move(file), std::move(key)));
  TRY_STATUS(made->file_.write_all(made->sealer_.head()));
  return made;
}

SpooledBytes::SpooledBytes(File file, std::string key)
    : file_(std::move(file)), key_(std::move(key)), sealer_(key_, {}) {}

Status SpooledBytes::write(std::string_view piece, bool is_last) {
  return file_.write_all(sealer_.seal(piece, is_last));
}

Status SpooledBytes::append(std::string_view bytes) {
  ensure(!opener_, "nothing is appended to what is finished");
  hash_.add(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    // A full piece waits for the byte after it: it may be the last one.
    if (pending_.size() == sealed_piece_bytes) {
      TRY_STATUS(write(pending_, false));
      pending_.clear();
    }
    const auto some = bytes.substr(0, sealed_piece_bytes - pending_.size());
    pending_ += some;
    bytes.remove_prefix(some.size());
  }
  return {};
}

Result<Digest> SpooledBytes::finish() {
  TRY_STATUS(write(pending_, true));
  std::string().swap(pending_);
  if (::lseek(file_.descriptor(), 0, SEEK_SET) != 0) return storage_error("seek");
  TRY(const auto head, file_.read_all(sealed_head_bytes));
  opener_ = std::make_unique<Opener>(key_, std::string_view(), head);
  return hash_.finish();
}

Result<std::string> SpooledBytes::next() {
  ensure(opener_ != nullptr, "what is read is finished");
  std::string piece;
  if (opener_->is_at_end()) return piece;
  TRY(const auto sealed, file_.read_all(sealed_piece_bytes + sealed_piece_overhead));
  if (!opener_->open(sealed, piece))
    return fail(ErrorKind::unavailable, "storage_unavailable", "The disk gives back other bytes than were written.");
  return piece;
}

}  // namespace answerable::store
