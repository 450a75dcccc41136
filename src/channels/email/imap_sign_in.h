// Signs in to an IMAP server: LOGIN with a password, or AUTHENTICATE (RFC 3501 section 6.2.2) with an access token,
// which libetpan does not do by OAUTHBEARER. For imap_session.cpp, whose library shows here.
#pragma once

#include <libetpan/libetpan.h>

#include <string>

#include "base/result.h"
#include "channels/email/mail_settings.h"

namespace answerable::channels {

// After the connection is protected. Errors: unauthenticated "imap_login_refused", unavailable "imap_protocol",
// "imap_oauth_not_offered".
Status sign_in_to_imap(mailimap* imap, const MailServer& server, const std::string& secret);

}  // namespace answerable::channels
