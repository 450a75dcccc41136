// The mail inside an opaque signature (S/MIME, RFC 8551: application/pkcs7-mime; smime-type=signed-data). The signature
// itself is not checked: nothing here is trusted for it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

// The MIME entity that was signed; empty when there is none, as in what is encrypted.
std::string read_signed_content(std::string_view der);

}  // namespace answerable::mail
