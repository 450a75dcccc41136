// Raw mail as an arrival: from LMTP, from a mailbox, from a pipe.
#pragma once

#include <string>

#include "base/clock.h"
#include "intake/arrival.h"
#include "intake/channel.h"

namespace answerable::channels {

// Named by the hash of its bytes: the same mail handed over twice is one arrival.
intake::Arrival mail_arrival(const intake::Channel& channel, std::string raw, Time received_at);

}  // namespace answerable::channels
