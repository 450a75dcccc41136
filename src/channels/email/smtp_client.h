// One mail through one SMTP server, by libcurl; says honestly what is known of its fate. Blocks. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "channels/email/mail_settings.h"
#include "channels/email/server_address.h"
#include "outbox/carrier.h"

namespace answerable::channels {

struct SmtpMail {
  std::string from;             // empty: the null reverse-path
  std::vector<std::string> to;  // domains are put into their ASCII form here
  std::string_view bytes;       // CRLF; dots are stuffed here
};

struct SmtpClientOptions {
  std::string hostname = "localhost";
  std::int64_t connect_timeout_ms = 20'000;
  std::int64_t attempt_timeout_ms = 240'000;
  std::string ca_file = {};  // further trusted roots (PEM); for tests and private authorities
  Reach reach = Reach::internet;
};

struct SmtpOutcome {
  outbox::Outcome outcome = outbox::Outcome::retry;
  std::string detail;
  outbox::RecipientResults recipients = {};  // as SendResult's
  bool is_sign_in_refused = false;
};

// sent: a 2xx answer to the content. failed: a 5xx answer to sender, every recipient or content. unknown: all of the
// content has been handed over and no answer came. retry: everything else; a refused sign-in too, because that is not
// the recipient's fault. Addresses with a local part that is not ASCII go to a server that offers SMTPUTF8; with
// another one it is failed before MAIL. Where the server takes some recipients and refuses others, those it takes get
// the mail. `secret`: what server.sign_in wants.
SmtpOutcome send_mail(const MailServer& server, const std::string& secret, const SmtpMail& mail,
                      const SmtpClientOptions& options);

// Connects, signs in and leaves: for the test button. Errors: unavailable "smtp_unreachable" with what went wrong,
// unauthenticated "smtp_login_refused".
Status try_smtp(const MailServer& server, const std::string& secret, const SmtpClientOptions& options);

}  // namespace answerable::channels
