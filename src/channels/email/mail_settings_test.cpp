#include "channels/email/mail_settings.h"

#include <doctest/doctest.h>

#include <string>

using namespace answerable;
using namespace answerable::channels;

TEST_CASE("a provider is asked for the protocol that the mailbox is read by") {
  auto scope = [](const std::string& protocol) {
    const auto settings = read_mail_settings(R"({")" + protocol +
                                             R"(":{"host":"outlook.office365.com","user":"box","sign_in":"oauth"},)"
                                             R"("oauth":{"provider":"microsoft","client_id":"us"}})");
    return settings && settings->oauth ? settings->oauth->scope : std::string("refused");
  };
  CHECK(scope("imap").starts_with("https://outlook.office.com/IMAP.AccessAsUser.All "));
  CHECK(scope("pop3").starts_with("https://outlook.office.com/POP.AccessAsUser.All "));
}

TEST_CASE("sealers are trusted up to the limit of a channel") {
  auto read = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + ("\"s" + std::to_string(i) + ".example\"");
    return read_mail_settings(R"({"arc_sealers":[)" + list + "]}");
  };
  REQUIRE(read(arc_sealers_max).has_value());
  CHECK(read(arc_sealers_max)->arc_sealers.size() == arc_sealers_max);
  const auto refused = read(arc_sealers_max + 1);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().detail.find("at most 20") != std::string::npos);
}
