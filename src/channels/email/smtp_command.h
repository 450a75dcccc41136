// One command line of SMTP (RFC 5321), LMTP (RFC 2033) or BDAT (RFC 3030), taken apart. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace answerable::channels {

struct SmtpCommand {
  enum class Verb : std::uint8_t {
    helo,
    ehlo,
    lhlo,
    mail,
    rcpt,
    data,
    bdat,
    rset,
    noop,
    quit,
    vrfy,
    starttls,
    unknown
  };
  Verb verb = Verb::unknown;
  std::string argument;  // of HELO, EHLO, LHLO
  std::string path;      // of MAIL and RCPT, without <> and source route; empty: the null reverse-path
  std::vector<std::pair<std::string, std::string>> parameters;  // names in upper case
  std::uint64_t chunk_bytes = 0;                                // of BDAT
  bool is_last_chunk = false;
};

// `line` without CRLF. Errors: invalid "syntax" (501).
Result<SmtpCommand> parse_smtp_command(std::string_view line);

}  // namespace answerable::channels
