// What a mail peer is told about an Error: the one place that maps kinds to SMTP replies (RFC 5321, codes of RFC 3463).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::channels {

struct SmtpReply {
  int code = 250;
  std::string_view status = "2.0.0";  // enhanced status code
  std::string text;                   // one line of printable ASCII
};

// 4xx: the peer keeps the message and comes back. 5xx: it gives it back to its sender.
SmtpReply smtp_reply(const Error& error);
std::string to_line(const SmtpReply& reply);  // with CRLF

}  // namespace answerable::channels
