// A mail that comes from a mailbox in pieces. A small one stays in memory; of a large one only a piece is, the rest
// goes to the disk as it comes (store/blobs.h). One thread; blocks on the disk.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "intake/accept.h"

namespace answerable::channels {

inline constexpr std::size_t mail_in_memory_max = 1UL << 20;

struct ReceivedMail {
  std::string raw;                          // all of it; of one that is stored its beginning, where its fields are
  std::optional<intake::StoredRaw> stored;  // a large one
};

class MailReceiver {
 public:
  explicit MailReceiver(intake::Intake& intake) : intake_(intake) {}
  // Errors: those of Intake::receive_large() and BlobReceiver::append().
  Status append(std::string_view piece);
  std::size_t size() const { return bytes_; }
  // Once. Errors: those of a put into the blob store.
  Result<ReceivedMail> finish();

 private:
  intake::Intake& intake_;
  std::string raw_;
  std::unique_ptr<store::BlobReceiver> receiver_;
  std::size_t bytes_ = 0;
};

}  // namespace answerable::channels
