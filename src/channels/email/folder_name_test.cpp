#include "channels/email/folder_name.h"

#include <doctest/doctest.h>

#include "channels/email/mail_settings.h"

namespace answerable::channels {
namespace {

TEST_CASE("a folder's name is said to the server in modified UTF-7, and read back") {
  for (const auto& [name, wire] : {std::pair<std::string, std::string>("INBOX", "INBOX"),
                                   {"Entwürfe/Übersicht", "Entw&APw-rfe/&ANw-bersicht"},
                                   {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},  // RFC 3501
                                   {"R&D", "R&-D"},
                                   {"Tom & Jerry ü", "Tom &- Jerry &APw-"},
                                   {"😀", "&2D3eAA-"},
                                   {"صندوق", "&BjUGRgYvBkgGQg-"}}) {
    CAPTURE(name);
    CHECK(to_server_folder(name) == wire);
    CHECK(from_server_folder(wire) == name);
    CHECK(to_server_folder(wire) == wire);  // as settings had to have it before
    CHECK(to_utf8_folder(wire) == name);
    CHECK(to_utf8_folder(name) == name);
  }
}

TEST_CASE("every code point comes back as it was") {
  for (char32_t code = 0xA0; code < 0x110000; code += code < 0x3000 ? 1 : 251) {
    if (code >= 0xD800 && code < 0xE000) continue;
    std::string name = "a";
    if (code < 0x800) {
      name += static_cast<char>(0xC0 | code >> 6);
    } else if (code < 0x10000) {
      name += static_cast<char>(0xE0 | code >> 12);
      name += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    } else {
      name += static_cast<char>(0xF0 | code >> 18);
      name += static_cast<char>(0x80 | (code >> 12 & 0x3F));
      name += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    }
    name += static_cast<char>(0x80 | (code & 0x3F));
    REQUIRE(from_server_folder(to_server_folder(name)) == name);
  }
}

TEST_CASE("what is no modified UTF-7 is taken as it is written, and never sent raw") {
  for (const auto* name :
       {"ü", "&", "a&b", "&APw", "&AP-", "&2D0-", "&3gA-", "&AEE-", "&=-", "&A-", "&2D3YPQ-", "a\tb"}) {
    CAPTURE(name);
    CHECK_FALSE(from_server_folder(name));
    const auto wire = to_server_folder(name);
    CHECK(from_server_folder(wire) == name);
    for (const char c : wire) CHECK((c >= ' ' && c <= '~'));
  }
}

}  // namespace
}  // namespace answerable::channels
