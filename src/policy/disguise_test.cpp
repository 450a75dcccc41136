#include "policy/disguise.h"

#include <doctest/doctest.h>

#include <string>

namespace answerable::policy {
namespace {

using namespace std::string_literals;

// The least that Windows takes for a program.
std::string windows_program(std::size_t header_at = 0x40) {
  std::string bytes("MZ");
  bytes.resize(0x40);
  bytes[0x3C] = static_cast<char>(header_at & 0xFF);
  bytes[0x3D] = static_cast<char>(header_at >> 8);
  bytes.resize(header_at);
  return bytes + "PE\0\0"s;
}

TEST_CASE("a program under the name of something else is a disguise, under its own it is none") {
  for (const auto* name : {"invoice.pdf", "invoice.exe.pdf", "photo.JPG", "photo.jpg.", "a.txt  "})
    CHECK(find_disguise(name, windows_program()) == "a Windows program");
  for (const auto* name : {"setup.exe", "SETUP.EXE", "setup.exe. ", "library.dll", "setup", ""})
    CHECK(find_disguise(name, windows_program()).empty());
  CHECK(find_disguise("a.pdf", windows_program(0x3FF0)) == "a Windows program");
  CHECK(find_disguise("a.pdf", "\x7F"s + "ELF\2") == "a Linux program");
  for (const auto* name : {"tool", "libfoo.so", "libfoo.so.6", "a.AppImage"})
    CHECK(find_disguise(name, "\x7F"s + "ELF\2").empty());
  CHECK(find_disguise("a.doc", "\xCF\xFA\xED\xFE"s) == "a macOS program");
  CHECK(find_disguise("a.pdf", "L\0\0\0\1\x14\2\0"s) == "a shortcut");
  CHECK(find_disguise("a.lnk", "L\0\0\0\1\x14\2\0"s).empty());
}

TEST_CASE("what only begins like a program is none") {
  for (const auto& bytes : {""s, "MZ"s, "MZ is how this text begins"s, windows_program().substr(0, 0x43),
                            "MZ"s + std::string(0x3A, '\xFF') + "PE\0\0"s, "\x7F"s + "EL"s, "%PDF-1.7"s})
    CHECK(find_disguise("a.pdf", bytes).empty());
}

}  // namespace
}  // namespace answerable::policy
