#include "policy/disguise.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <span>
#include <string>

namespace answerable::policy {

namespace {

using namespace std::string_view_literals;

// "MZ" begins many a text; a program has the offset of its header, and the header.
bool is_windows_program(std::string_view bytes) {
  if (!bytes.starts_with("MZ") || bytes.size() < 0x40) return false;
  std::uint32_t at = 0;
  for (int i = 3; i >= 0; --i) at = at << 8 | static_cast<unsigned char>(bytes[0x3C + static_cast<std::size_t>(i)]);
  return at < bytes.size() && bytes.substr(at).starts_with("PE\0\0"sv);
}

bool is_macos_program(std::string_view bytes) {
  constexpr std::array magic{"\xFE\xED\xFA\xCE"sv, "\xFE\xED\xFA\xCF"sv, "\xCE\xFA\xED\xFE"sv, "\xCF\xFA\xED\xFE"sv};
  return std::ranges::any_of(magic, [&](auto one) { return bytes.starts_with(one); });
}

constexpr std::array windows_names{""sv,    "exe"sv, "dll"sv, "com"sv, "scr"sv, "sys"sv, "cpl"sv, "ocx"sv,
                                   "msi"sv, "mui"sv, "drv"sv, "efi"sv, "acm"sv, "ax"sv,  "pyd"sv, "node"sv};

std::string ending_of(std::string_view name) {
  // Windows drops blanks and dots at the end of a name.
  while (!name.empty() && (name.back() == ' ' || name.back() == '.')) name.remove_suffix(1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return "";
  std::string ending(name.substr(dot + 1));
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

bool is_among(std::string_view ending, std::span<const std::string_view> names) {
  return std::ranges::find(names, ending) != names.end();
}

}  // namespace

std::string_view find_disguise(std::string_view name, std::string_view bytes) {
  const auto ending = ending_of(name);
  constexpr std::array linux_names{""sv, "so"sv, "o"sv, "elf"sv, "bin"sv, "ko"sv, "appimage"sv, "run"sv, "out"sv};
  constexpr std::array macos_names{""sv, "dylib"sv, "o"sv, "bundle"sv, "bin"sv, "so"sv};
  if (is_windows_program(bytes) && !is_among(ending, windows_names)) return "a Windows program";
  if (bytes.starts_with("\x7F"
                        "ELF") &&
      !is_among(ending, linux_names) && ending.find_first_not_of("0123456789") != std::string::npos)
    return "a Linux program";
  if (is_macos_program(bytes) && !is_among(ending, macos_names)) return "a macOS program";
  if (bytes.starts_with("L\0\0\0\x01\x14\x02\0"sv) && ending != "lnk") return "a shortcut";
  return "";
}

}  // namespace answerable::policy
