// "Test" of a channel's settings: signs in to its servers and leaves.
#pragma once

#include "base/result.h"
#include "channels/email/smtp_carrier.h"
#include "intake/channel_directory.h"

namespace answerable::channels {

// Blocks up to half a minute. Ok with one sentence, or an Error whose detail says what to change.
Result<std::string> test_connection(const intake::ChannelDirectory& channels, const intake::Channel& channel,
                                    const std::optional<Relay>& relay, const std::string& ca_file = {});

}  // namespace answerable::channels
