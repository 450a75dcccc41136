#include "channels/email/bearer_sasl.h"

namespace answerable::channels {

namespace {

// RFC 7628 section 3.1 with the escapes of RFC 5801: a comma ends the name.
std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == ',')
      text += "=2C";
    else if (c == '=')
      text += "=3D";
    else
      text += c;
  }
  return text;
}

}  // namespace

std::string oauthbearer_message(std::string_view user, std::string_view host, std::uint16_t port,
                                std::string_view token) {
  return "n,a=" + escaped(user) + ",\x01host=" + std::string(host) + "\x01port=" + std::to_string(port) +
         "\x01"
         "auth=Bearer " +
         std::string(token) + "\x01\x01";
}

std::string xoauth2_message(std::string_view user, std::string_view token) {
  return "user=" + std::string(user) +
         "\x01"
         "auth=Bearer " +
         std::string(token) + "\x01\x01";
}

}  // namespace answerable::channels
