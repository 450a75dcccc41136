// What a mail channel says at once to whoever writes to it, if it says anything: the channel's texts, by the rules of
// mail/may_answer.h. Thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "channels/email/mail_settings.h"
#include "intake/acknowledgement.h"
#include "intake/arrival.h"
#include "intake/channel_directory.h"
#include "mail/message.h"
#include "mail/sender_authentication.h"

namespace answerable::channels {

// The texts of the arrival's channel; nothing when it acknowledges nothing. The first is for languages without one.
std::vector<AcknowledgementText> acknowledgement_texts(const intake::ChannelDirectory& channels,
                                                       const intake::Arrival& arrival);

// Nothing when this mail gets no automatic answer. `texts` is not empty, and `parsed` knows its language.
std::optional<intake::Acknowledgement> acknowledgement_of(const intake::ChannelDirectory& channels,
                                                          const intake::Arrival& arrival,
                                                          const mail::ParsedMessage& parsed,
                                                          mail::SenderAuthentication::Verdict verdict,
                                                          const std::vector<AcknowledgementText>& texts);

}  // namespace answerable::channels
