#include "channels/email/mail_receiver.h"

#include <algorithm>

namespace answerable::channels {

namespace {

constexpr std::size_t beginning_max = 64UL << 10;

}  // namespace

Status MailReceiver::append(std::string_view piece) {
  bytes_ += piece.size();
  if (!receiver_ && bytes_ <= mail_in_memory_max) {
    raw_ += piece;
    return {};
  }
  if (!receiver_) {
    TRY(receiver_, intake_.receive_large());
    TRY_STATUS(receiver_->append(raw_));
    raw_ = raw_.substr(0, beginning_max);
  }
  raw_ += piece.substr(0, beginning_max - std::min(beginning_max, raw_.size()));
  return receiver_->append(piece);
}

Result<ReceivedMail> MailReceiver::finish() {
  ReceivedMail mail{std::move(raw_), std::nullopt};
  if (!receiver_) return mail;
  TRY(auto blob, receiver_->finish());
  mail.stored = {blob.digest, bytes_, std::move(blob.hold)};
  return mail;
}

}  // namespace answerable::channels
