// "Test" of a channel's settings: signs in to its servers and leaves.
#pragma once

#include "base/result.h"
#include "channels/email/smtp_carrier.h"
#include "intake/channel_directory.h"

namespace answerable::channels {

// Blocks up to half a minute. With what the channel's own mail would be sent and fetched with. Ok with one sentence, or
// an Error whose detail says what to change.
Result<std::string> test_connection(const SmtpCarrierParts& parts, const intake::Channel& channel);

}  // namespace answerable::channels
