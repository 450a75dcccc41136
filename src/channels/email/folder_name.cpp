#include "channels/email/folder_name.h"

#include <algorithm>
#include <cstdint>

#include "base/encoding.h"

namespace answerable::channels {

namespace {

bool is_plain(char c) { return c >= ' ' && c <= '~'; }

// One code point of valid UTF-8, which it takes from the front.
char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size && i < text.size(); ++i) code = code << 6 | (text[i] & 0x3F);
  text.remove_prefix(std::min(size, text.size()));
  return code;
}

void add_utf16(std::string& out, char32_t code) {
  const auto add_unit = [&](char32_t unit) {
    out += static_cast<char>(unit >> 8 & 0xFF);
    out += static_cast<char>(unit & 0xFF);
  };
  if (code < 0x10000) return add_unit(code);
  add_unit(0xD800 + ((code - 0x10000) >> 10));
  add_unit(0xDC00 + ((code - 0x10000) & 0x3FF));
}

void add_utf8(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

void close_shift(std::string& out, std::string& utf16) {
  if (utf16.empty()) return;
  auto digits = to_base64(utf16);
  while (digits.ends_with('=')) digits.pop_back();
  std::ranges::replace(digits, '/', ',');
  out += '&' + digits + '-';
  utf16.clear();
}

std::string encode(std::string_view name) {
  std::string out;
  std::string utf16;
  while (!name.empty()) {
    if (is_plain(name.front())) {
      close_shift(out, utf16);
      out += name.front();
      if (name.front() == '&') out += '-';
      name.remove_prefix(1);
    } else {
      add_utf16(utf16, take_code_point(name));
    }
  }
  close_shift(out, utf16);
  return out;
}

// What stands between "&" and "-".
bool add_shifted(std::string& out, std::string_view digits) {
  std::string base64(digits);
  std::ranges::replace(base64, ',', '/');
  while (base64.size() % 4 != 0) base64 += '=';
  const auto bytes = from_base64(base64);
  if (!bytes || bytes->empty() || bytes->size() % 2 != 0) return false;
  const auto unit_at = [&](std::size_t at) {
    return static_cast<char32_t>(static_cast<unsigned char>((*bytes)[at]) << 8 |
                                 static_cast<unsigned char>((*bytes)[at + 1]));
  };
  for (std::size_t at = 0; at < bytes->size(); at += 2) {
    auto code = unit_at(at);
    if (code >= 0xD800 && code < 0xE000) {
      if (code >= 0xDC00 || at + 2 >= bytes->size()) return false;
      const auto low = unit_at(at += 2);
      if (low < 0xDC00 || low >= 0xE000) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= ' ' && code <= '~') return false;
    add_utf8(out, code);
  }
  return true;
}

}  // namespace

std::optional<std::string> from_server_folder(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    if (!is_plain(name.front())) return std::nullopt;
    if (name.front() != '&') {
      out += name.front();
      name.remove_prefix(1);
      continue;
    }
    const auto end = name.find('-');
    if (end == std::string_view::npos) return std::nullopt;
    if (end == 1)
      out += '&';
    else if (!add_shifted(out, name.substr(1, end - 1)))
      return std::nullopt;
    name.remove_prefix(end + 1);
  }
  return out;
}

std::string to_utf8_folder(std::string_view name) { return from_server_folder(name).value_or(std::string(name)); }

std::string to_server_folder(std::string_view name) {
  return from_server_folder(name) ? std::string(name) : encode(name);
}

}  // namespace answerable::channels
