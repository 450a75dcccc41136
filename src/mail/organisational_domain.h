// The domain of an organisation, by the Public Suffix List (libpsl): mail.shop.example.co.uk belongs to example.co.uk.
// Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

// In lower case (ASCII). The domain itself when the list knows nothing shorter; empty for a public suffix ("co.uk"),
// which is nobody's, and for what is no domain.
std::string organisational_domain(std::string_view domain);

enum class Alignment : unsigned char { relaxed, strict };
// RFC 7489 section 3.1: does a check of `proven` say something about an author of `author`? relaxed: of the same
// organisation; strict: the same domain.
bool is_aligned(std::string_view proven, std::string_view author, Alignment alignment);

}  // namespace answerable::mail
