// Raw mail to InboundMessage, through mail/. Pure but for processor time and the DNS; runs on the intake's threads.
#pragma once

#include <string>
#include <string_view>

#include "base/id.h"
#include "channels/email/check_sender.h"
#include "intake/arrival.h"

namespace answerable::channels {

// Mail of ours carries this field, with a value that only this installation can make: a message that brings it back to
// its own workspace is in a loop. It says nothing about the workspace.
inline constexpr std::string_view loop_mark_field = "X-Answerable-Origin";
std::string loop_mark(std::string_view reply_token_key, WorkspaceId workspace, std::string_view message_id);

// `reply_token_key` is the installation's. Without `check_sender` nobody is proven; without `acknowledging`, which
// outlives the result, nothing is acknowledged.
intake::Normalise normalise_mail_with(std::string reply_token_key, CheckSender check_sender = {},
                                      const intake::ChannelDirectory* acknowledging = nullptr);

}  // namespace answerable::channels
