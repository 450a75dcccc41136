// Raw mail as an arrival: from LMTP, from a mailbox, from a pipe.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "channels/email/mail_receiver.h"
#include "intake/arrival.h"
#include "intake/channel.h"

namespace answerable::channels {

// Named by the hash of its bytes: the same mail handed over twice is one arrival.
intake::Arrival mail_arrival(const intake::Channel& channel, std::string raw, Time received_at);
intake::Arrival mail_arrival(const intake::Channel& channel, ReceivedMail mail, Time received_at);

// Comes in instead of a mail that is too large. `header`: its From, To, Subject, Date and Message-ID, or all fields.
std::string too_large_notice(const std::string& header, std::size_t bytes);

// Stands for a mail that a mailbox has and does not hand over. `place`: the mailbox and the UID, which name it; `what`:
// a sentence for people. It goes to quarantine, because nobody can answer it.
intake::Arrival missing_mail(const intake::Channel& channel, std::string_view place, std::string what,
                             Time received_at);
bool is_missing_mail(const intake::Arrival& arrival);

}  // namespace answerable::channels
