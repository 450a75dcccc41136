// Is the author whom a mail shows the one who had it sent? By DKIM signatures that we verify ourselves and by what
// servers found that the administrator trusts; each only when its domain and the author's belong together (the
// alignment of DMARC). It proves a domain: who may write as whom within it is that domain's business. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/dns_text.h"

namespace answerable::mail {

struct TrustedServers {
  std::string authserv_id;               // whose Authentication-Results count; empty: nobody's
  std::vector<std::string> arc_sealers;  // d= of servers whose ARC sets count, where authserv_id found the chain good
};

struct SenderAuthentication {
  enum class Verdict : std::uint8_t {
    none,       // nothing proves it, and nothing speaks against it
    pass,       // proven
    fail,       // its domain says that such mail is not its own
    temporary,  // what would prove it could not be looked up
  };
  Verdict verdict = Verdict::none;
  // What was found, a line each, in the words of RFC 8601: "dkim=pass header.d=example.org header.s=a". ASCII, of at
  // most max_evidence_bytes.
  std::vector<std::string> evidence;
};
std::string_view to_string(SenderAuthentication::Verdict verdict);

// `author`: the address that the mail is shown with. An empty `find_text`: no DNS, signatures count for nothing.
SenderAuthentication authenticate_sender(std::string_view raw, std::string_view author, const TrustedServers& trusted,
                                         const FindText& find_text);

}  // namespace answerable::mail
