#include "mail/mac_files.h"

#include <doctest/doctest.h>

using namespace answerable::mail;
using namespace std::string_view_literals;

namespace {

// "note.txt" with 20 times "a", a 0x90 and "end", as Macintosh programs wrote it; made with another encoder.
constexpr auto note =
    "(This file must be converted with BinHex 4.0)\n\n:#'j[G'8ZG(Kd!&4&@&4dG(Kd!*!&'!#3\"%3RBC!8N!\"PEQ3Al3!!:\n"sv;

}  // namespace

TEST_CASE("BinHex gives the data fork, runs and all") {
  auto file = read_binhex(note, 1000);
  REQUIRE(file);
  CHECK(file->name == "note.txt");
  CHECK(file->content == std::string(20, 'a') + "\x90" + "end");
  CHECK_FALSE(file->damaged);
  CHECK(read_binhex(note, 24));
  CHECK_FALSE(read_binhex(note, 23));  // more than the caller allows
}

TEST_CASE("BinHex that is cut is read as far as it goes, and other text is none") {
  auto cut = read_binhex(note.substr(0, note.size() - 12), 1000);
  REQUIRE(cut);
  CHECK(cut->damaged);
  CHECK(cut->content.starts_with("aaaaaaaaaa"));
  CHECK_FALSE(read_binhex("Dear all\n: as I said", 1000));
  CHECK_FALSE(read_binhex("", 1000));
}

TEST_CASE("AppleSingle gives the data fork and the real name") {
  auto file = "\x00\x05\x16\x00\x00\x02\x00\x00"sv;
  std::string bytes(file);
  bytes.append(16, '\0');
  bytes += "\x00\x02"sv;
  bytes += "\x00\x00\x00\x03\x00\x00\x00\x32\x00\x00\x00\x05"sv;
  bytes += "\x00\x00\x00\x01\x00\x00\x00\x37\x00\x00\x00\x04"sv;
  bytes += "a.txtdata";
  auto read = read_apple_single(bytes);
  REQUIRE(read);
  CHECK(read->name == "a.txt");
  CHECK(read->content == "data");
  CHECK_FALSE(read->damaged);
  auto cut = read_apple_single(std::string_view(bytes).substr(0, bytes.size() - 1));
  REQUIRE(cut);
  CHECK(cut->damaged);
  CHECK_FALSE(read_apple_single("no file at all, but long enough to be one"));
}
