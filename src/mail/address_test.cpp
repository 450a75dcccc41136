#include "mail/address.h"

#include <doctest/doctest.h>

#include "mail/limits.h"

using namespace answerable::mail;

namespace {

Address only(std::string_view field) {
  auto list = parse_address_list(field);
  CAPTURE(field);
  REQUIRE(list.size() == 1);
  return list[0];
}

}  // namespace

TEST_CASE("addresses are read as people write them") {
  CHECK(only("anna@example.org") == Address{"", "anna@example.org"});
  CHECK(only("Anna Berg <anna@example.org>") == Address{"Anna Berg", "anna@example.org"});
  CHECK(only("\"Berg, Anna\" <anna@example.org>") == Address{"Berg, Anna", "anna@example.org"});
  CHECK(only("Berg, Anna <anna@example.org>") == Address{"Berg, Anna", "anna@example.org"});
  CHECK(only("anna@example.org (Anna Berg)") == Address{"Anna Berg", "anna@example.org"});
  CHECK(only("'Anna' <anna@example.org>") == Address{"Anna", "anna@example.org"});
  CHECK(only("Anna (Sales) <anna@example.org>") == Address{"Anna", "anna@example.org"});
  CHECK(only("<@relay.example:anna@example.org>") == Address{"", "anna@example.org"});
  CHECK(only("<<anna@example.org>>") == Address{"", "anna@example.org"});
  CHECK(only("Anna <anna@example.org") == Address{"Anna", "anna@example.org"});
  CHECK(only("\"Anna <anna@example.org>") == Address{"Anna", "anna@example.org"});
  CHECK(only("mailto:anna@example.org") == Address{"", "anna@example.org"});
  CHECK(only("\"john doe\"@example.org") == Address{"", "\"john doe\"@example.org"});
  CHECK(only("Anna") == Address{"Anna", ""});
  CHECK(only("\"\" (Mail System)") == Address{"Mail System", ""});
  CHECK(only("(Mail System)") == Address{"Mail System", ""});
  CHECK(only("MAILER-DAEMON (Mail System)") == Address{"Mail System", "MAILER-DAEMON"});
  CHECK(only("=?utf-8?Q?Anna_=3Canna=40example.org=3E?=") == Address{"Anna", "anna@example.org"});
  CHECK(parse_address_list("").empty());
  CHECK(parse_address_list("undisclosed-recipients:;").empty());
  CHECK(parse_address_list("unlisted-recipients:; (nobody was named)").empty());
  CHECK(parse_address_list("a@x.example; b@x.example, c@x.example").size() == 3);
}

TEST_CASE("a field that looks encoded and is not is read once") {
  CHECK(parse_address_list("=?x (a@b.example) y").size() == 1);
  CHECK(parse_address_list("=?x <a@b.example <y").size() <= 2);
  CHECK(parse_address_list("=?utf-8?Q?=3D=3Fx_=28a=40b.example=29_y?=").size() <= 2);
  CHECK(parse_address_list("=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3D40b.example=3F=3D?=").size() <= 2);
}

TEST_CASE("the octet limits of RFC 5321 hold at their bounds") {
  auto label = std::string(60, 'd');
  auto domain = label + "." + label + "." + label + ".example";  // 190
  CHECK(is_valid_address(std::string(max_local_part_bytes, 'a') + "@example.org"));
  CHECK_FALSE(is_valid_address(std::string(max_local_part_bytes + 1, 'a') + "@example.org"));
  CHECK(is_valid_address(std::string(max_address_bytes - domain.size() - 1, 'a') + "@" + domain));
  CHECK_FALSE(is_valid_address(std::string(64, 'a') + "@" + domain));
  CHECK_FALSE(is_valid_address("a@" + std::string(64, 'd') + ".example"));
}

TEST_CASE("an address has one normal form and one key") {
  CHECK(*normalise_address(" Anna.Berg@Example.ORG ") == "Anna.Berg@example.org");
  CHECK(address_key("<Anna.Berg@Example.ORG>") == "anna.berg@example.org");
  CHECK(normalise_address("nobody").error().code == "invalid_address");
  for (auto bad :
       {"", "@", "a@", "@b", "a b@c.example", "a@b,c", "a@b c", "a\"@b.example", "a@.b", "a@b.", "a@b-", "a@b\n"})
    CHECK_FALSE(is_valid_address(bad));
}
