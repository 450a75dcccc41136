#include "access/cbor_bounds.h"

#include <doctest/doctest.h>

#include <string>

using namespace answerable::access;

namespace {

using namespace std::string_literals;

// With a credential of the id "ab" and this key.
std::string with_key(std::string_view cbor, char flags = '\x45') {
  return std::string(32, 'h') + flags + "\0\0\0\0"s + std::string(16, 'g') + "\0\x02"s + "ab" + std::string(cbor);
}

}  // namespace

TEST_CASE("counts that fit are let through: numbers, text, maps in maps, extensions") {
  CHECK(is_bounded_authenticator_data(with_key("\xa1\x01\x02")));
  CHECK(is_bounded_authenticator_data(with_key("\xa2\x01\x58\x02zz\x20\x82\x01\x61q")));
  CHECK(is_bounded_authenticator_data(with_key("\xa1\x01\x02\xa1\x61k\xf5", '\xc5')));
  CHECK(is_bounded_authenticator_data(std::string(32, 'h') + "\x05\0\0\0\0"s));
  CHECK(is_bounded_authenticator_data(std::string(32, 'h') + "\x85\0\0\0\0\xa0"s));
}

TEST_CASE("an array, map or text that says it has more than there is, is not") {
  CHECK_FALSE(is_bounded_authenticator_data(with_key("\x9a\x9a\x9a\x9a\x9a")));
  CHECK_FALSE(is_bounded_authenticator_data(with_key("\x9b\xff\xff\xff\xff\xff\xff\xff\xff")));
  CHECK_FALSE(is_bounded_authenticator_data(with_key("\xbb\x80\0\0\0\0\0\0\x01\x01"s)));
  CHECK_FALSE(is_bounded_authenticator_data(with_key("\xa2\x01\x02")));
  CHECK_FALSE(is_bounded_authenticator_data(with_key("\x43zz")));
  CHECK_FALSE(is_bounded_authenticator_data(with_key("\x9f\x01\xff")));
  CHECK_FALSE(is_bounded_authenticator_data(with_key("\x1c")));
  CHECK_FALSE(is_bounded_authenticator_data(with_key("")));
  CHECK_FALSE(is_bounded_authenticator_data(with_key("\x01 more")));
}

TEST_CASE("items are nested eight deep and no deeper") {
  CHECK(is_bounded_authenticator_data(with_key(std::string(8, '\x81') + "\x01")));
  CHECK_FALSE(is_bounded_authenticator_data(with_key(std::string(9, '\x81') + "\x01")));
}
