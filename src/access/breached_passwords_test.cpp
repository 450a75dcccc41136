#include "access/breached_passwords.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "access/password_rules.h"
#include "store/testing.h"

namespace answerable::access {
namespace {

// SHA-1 of "abc" (FIPS 180-4), of nothing, and of "The quick brown fox jumps over the lazy dog", between others.
constexpr const char* fox = "2FD4E1C67A2D28FCED849EE1BB76E7391B93EB12";
constexpr const char* abc = "A9993E364706816ABA3E25717850C26C9CD0D89D";
constexpr const char* nothing = "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709";
constexpr const char* fox_words = "The quick brown fox jumps over the lazy dog";

struct List {
  store::TemporaryFolder folder;
  std::string path = folder.path() + "/list.txt";

  void write(const std::string& text) const { std::ofstream(path, std::ios::binary) << text; }
  Result<std::shared_ptr<const BreachedPasswords>> open() const { return BreachedPasswords::open(path); }
  bool has(std::string_view password) const { return (*open())->contains(password).value(); }
};

TEST_CASE_FIXTURE(List, "a password of the list is found, first, last or between, however lines end and count") {
  const std::string many_before = std::string(40, '0') + ":7\r\n" + std::string(39, '0') + "1:12345678901234567890\n";
  const auto first = std::string(fox) + ":3\n", second = std::string(abc) + "\n", third = std::string(nothing) + ":1";
  for (const auto& text : {first + second + third, many_before + first + second + third + "\n",
                           many_before + first + std::string("5") + std::string(39, '0') + "\r\n" + second + third}) {
    write(text);
    CHECK(has(fox_words));
    CHECK(has("abc"));
    CHECK(has(""));
    CHECK(!has("ABC"));
    CHECK(!has("a password that nobody has lost"));
  }
  write("a9993e364706816aba3e25717850c26c9cd0d89d\n");
  CHECK(has("abc"));
  CHECK(!has(""));
}

TEST_CASE_FIXTURE(List, "a file that is no such list is refused at once, and says why") {
  CHECK(open().error().detail.contains("there is no file"));
  write("");
  CHECK(open().error().detail.contains("empty"));
  for (const auto* bad : {"password\n", "A9993E364706816ABA3E25717850C26C9CD0D8\n",
                          "A9993E364706816ABA3E25717850C26C9CD0D89D\nletmein", "\n"}) {
    write(bad);
    CHECK_MESSAGE(open().error().code == "breached_passwords_unreadable", bad);
  }
  // A line has 64 bytes with its end; one more hides where it begins.
  write(std::string(nothing) + ":" + std::string(22, '9') + "\n");
  CHECK(has(""));
  const auto list = std::string(abc) + "\n" + nothing + ":" + std::string(80, '9') + "\n";
  write(list);
  CHECK(!open());
}

TEST_CASE_FIXTURE(List, "a list that was cut while it is in use refuses passwords, instead of accepting them unseen") {
  write(std::string(abc) + "\n" + nothing + "\n");
  const auto list = *open();
  std::filesystem::resize_file(path, 10);
  CHECK(list->contains("abc").error().kind == ErrorKind::unavailable);
  PasswordContext context;
  context.breached = list.get();
  CHECK(check_password_rules("correct horse 7 battery", context).error().code == "breached_passwords_unreadable");
}

TEST_CASE_FIXTURE(List, "whoever chooses a password of the list is asked for another one") {
  write(std::string(fox) + ":3\n");
  const auto list = *open();
  PasswordContext context;
  CHECK(check_password_rules(fox_words, context));
  context.breached = list.get();
  CHECK(check_password_rules(fox_words, context).error().code == "password_breached");
  CHECK(check_password_rules("correct horse 7 battery", context));
}

}  // namespace
}  // namespace answerable::access
