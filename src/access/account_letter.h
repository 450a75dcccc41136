// What a mail to a person about their own account says, in the person's language. Pure.
#pragma once

#include <string>
#include <string_view>

#include "access/account_mail.h"

namespace answerable::access {

struct Letter {
  std::string subject, text;
};

// `public_url` without a slash at its end; `token` of the mail's link, if it has one. The token stands behind a #: it
// reaches no server's log and no other site.
Letter write_letter(const AccountMail& mail, std::string_view public_url, std::string_view token);

}  // namespace answerable::access
