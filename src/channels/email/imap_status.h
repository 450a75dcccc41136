// What a server says of a folder as a whole: STATUS (RFC 3501 section 6.3.10), with HIGHESTMODSEQ (RFC 7162) where it
// is offered. Over libetpan.
#pragma once

#include <libetpan/libetpan.h>

#include <string>

#include "base/result.h"
#include "channels/email/folder_state.h"

namespace answerable::channels {

// Nothing when the server refuses: some do not like to be asked about the selected folder. Errors: unavailable
// "imap_protocol" when the connection is of no use any more.
Result<std::optional<FolderState>> ask_folder_state(mailimap* imap, const std::string& folder);

}  // namespace answerable::channels
