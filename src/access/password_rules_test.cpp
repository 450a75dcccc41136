#include "access/password_rules.h"

#include <doctest/doctest.h>

#include <string>

namespace answerable::access {
namespace {

constexpr PasswordContext zoe{
    .mail_address = "zoe.martin@example.com", .name = "Zoé Martin", .workspace = "Acme Bicycles"};

std::string refusal(std::string_view password, PasswordContext context = zoe) {
  const auto status = check_password_rules(password, context);
  return status ? "" : status.error().code;
}

std::string repeated(std::string_view piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

TEST_CASE("a password alone has 15 characters at least, one beside a second factor 8") {
  CHECK(refusal("tr0ub4dor&3 qzx") == "");
  CHECK(refusal("tr0ub4dor&3 qz") == "password_too_short");
  auto with_second = zoe;
  with_second.has_second_factor = true;
  CHECK(refusal("qz7&tmwv", with_second) == "");
  CHECK(refusal("qz7&tmw", with_second) == "password_too_short");
  CHECK(needs_second_factor("tr0ub4dor&3 qz"));
  CHECK(!needs_second_factor("tr0ub4dor&3 qzx"));
}

TEST_CASE("characters are counted, not bytes, and as they are composed") {
  CHECK(refusal("éàüöñçßøåæœþðłž") == "");  // 15 characters in 30 bytes
  CHECK(refusal("éàüöñçßøåæœþðł") == "password_too_short");
  CHECK(refusal("e\u0301a\u0300u\u0308o\u0308n\u0303c\u0327e\u0300x") == "password_too_short");  // 8 that look like 15
}

TEST_CASE("64 characters of any script fit, 256 bytes and no more") {
  std::string longest;
  for (int i = 0; i < 64; ++i) longest += "\xf0\x9f\x98" + std::string(1, static_cast<char>(0x80 + i * 37 % 64));
  CHECK(longest.size() == password_bytes_max);
  CHECK(refusal(longest) == "");
  CHECK(refusal(longest + "x") == "password_too_long");
}

TEST_CASE("no kind of character is asked for and none refused") {
  CHECK(refusal("quiet lamp over stone") == "");
  CHECK(refusal("          plum  stone lamp") == "");
  CHECK(refusal("845930261749205") == "");
  CHECK(refusal("тихая лампа на столе") == "");
}

TEST_CASE("what everybody guesses first is refused, however it is dressed up") {
  for (const auto* password :
       {"passwordpassword",          "Password12345678",   "P@ssw0rd!P@ssw0rd!", "qwertyuiop12345",
        "administrator123",          "4dm1n1str4t0r2026",  "letmeinplease!!!",   "aaaaaaaaaaaaaaaa",
        "121212121212121212",        "abcdefghijklmnop",   "1234567890123456",   "iloveyouforever1",
        "MotDePasse2026!!",          "sunshinebutterfly",  "Monkey Dragon 2024", "drowssapdrowssap",
        "correcthorsebatterystaple", "!!!!!welcome!!!!!",  "qwertyqwertyqwerty", "p.a.s.s.w.o.r.d",
        "1qaz2wsx3edc1qaz2wsx3edc",  "abcabcabcabcabcabc", "charlottecharlotte"}) {
    CAPTURE(password);
    CHECK(refusal(password) == "password_too_common");
  }
}

TEST_CASE("words about the person, the workspace and the product count as guessed") {
  for (const auto* password : {"zoe.martin@example.com", "zoe.martin.2026!!", "Martin-Bicycles-1985",
                               "acme bicycles acme", "answerable2026!", "Password @ Acme 1!", "AcmeBicyclesAcme99"}) {
    CAPTURE(password);
    CHECK(refusal(password) == "password_too_common");
  }
  CHECK(refusal("martin sells good lamps") == "");
}

TEST_CASE("the longest password is judged in no time, whatever it repeats") {
  CHECK(refusal(repeated("ab", 128)) == "password_too_common");
  CHECK(refusal(repeated("love", 64)) == "password_too_common");
  CHECK(refusal(repeated("loveqzv", 36)) == "");
}

}  // namespace
}  // namespace answerable::access
