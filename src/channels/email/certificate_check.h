// Checks a certificate chain that a TLS library without that ability handed out: trusted root, dates, host name (RFC
// 6125).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace answerable::channels {

// `chain` in DER, the server's own first. Errors: unavailable "certificate_untrusted".
Status check_certificate(const std::vector<std::string>& chain, const std::string& host, const std::string& ca_file);

}  // namespace answerable::channels
