#include "channels/email/mail_source.h"

#include "base/digest.h"
#include "base/encoding.h"

namespace answerable::channels {

std::string mailbox_label(ChannelId channel, const std::string& folder) {
  const auto hash = sha256(folder);
  return "channel=\"" + channel.text() + "\",folder=\"" + to_hex(as_bytes(hash)).substr(0, 8) + "\"";
}

}  // namespace answerable::channels
