// How an access token is said to a mail server: SASL OAUTHBEARER (RFC 7628) and XOAUTH2, which came before it and which
// the large providers have. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace answerable::channels {

// Our first and only message, not yet in base64.
std::string oauthbearer_message(std::string_view user, std::string_view host, std::uint16_t port,
                                std::string_view token);
std::string xoauth2_message(std::string_view user, std::string_view token);

// What is answered to a challenge, which tells of an error (RFC 7628 section 3.2.3), in base64; only then the server
// says no.
inline constexpr std::string_view oauthbearer_end = "AQ==";
inline constexpr std::string_view xoauth2_end = "";

}  // namespace answerable::channels
