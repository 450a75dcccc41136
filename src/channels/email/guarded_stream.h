// An ImapGuard between the network and libetpan, which itself takes whatever comes.
#pragma once

#include <libetpan/libetpan.h>

#include <string>

#include "channels/email/imap_guard.h"

namespace answerable::channels {

// From now on all that the stream reads is counted; beyond a limit its connection reads as broken. The guard belongs to
// the stream. libetpan makes a new low stream for STARTTLS, which is guarded anew.
void guard_stream(mailstream* stream, const ImapGuardLimits& limits);
// Why the guard broke the connection; empty: it did not.
std::string complaint_of(const mailstream* stream);

}  // namespace answerable::channels
