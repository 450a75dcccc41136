// UTF-8 at an IMAP server (RFC 6855): one that offers it keeps mail of international addresses back, or rewrites it,
// until we say that we read it as it is. Folders have the names that people write from then on.
#pragma once

#include <libetpan/libetpan.h>

namespace answerable::channels {

// Asks for it, where the server offers it. After the sign-in, before a folder is opened; whether it was granted.
bool accept_utf8(mailimap* imap);

}  // namespace answerable::channels
