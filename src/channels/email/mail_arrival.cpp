#include "channels/email/mail_arrival.h"

#include "base/digest.h"
#include "base/encoding.h"

namespace answerable::channels {

intake::Arrival mail_arrival(const intake::Channel& channel, std::string raw, Time received_at) {
  intake::Arrival arrival;
  arrival.workspace = channel.workspace;
  arrival.channel = channel.id;
  arrival.channel_kind = channel.kind;
  auto hash = sha256(raw);
  arrival.external_key = "sha256:" + to_hex(as_bytes(hash));
  arrival.raw = std::move(raw);
  arrival.received_at = received_at;
  return arrival;
}

}  // namespace answerable::channels
