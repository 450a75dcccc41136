#include "policy/link_host.h"

#include <idn2.h>

#include <algorithm>
#include <array>

namespace answerable::policy {
namespace {

constexpr std::size_t host_bytes_max = 253;

bool is_ascii_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What may stand in a host: letters, digits, hyphens, dots, %, and every letter beyond ASCII.
bool is_host_byte(char c) {
  return is_ascii_alnum(c) || c == '.' || c == '-' || c == '_' || c == '%' || (static_cast<unsigned char>(c) & 0x80U);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// A browser reads %65vil.example as evil.example.
std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_code = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0;
    if (is_code && hex_value(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return !(static_cast<unsigned char>(c) & 0x80U); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == '.' || text.front() == '-')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '.' || text.back() == '-')) text.remove_suffix(1);
  return text;
}

std::string in_ascii(std::string_view text) {
  if (is_ascii(text)) return lower(text);
  char* ascii = nullptr;
  if (idn2_to_ascii_8z(std::string(text).c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) return {};
  std::string found = lower(ascii);
  idn2_free(ascii);
  return found;
}

}  // namespace

std::string host_of(std::string_view text) {
  if (text.empty() || text.size() > 4 * host_bytes_max || !std::ranges::all_of(text, is_host_byte)) return {};
  const auto decoded = text.contains('%') ? percent_decoded(text) : std::string(text);
  if (decoded.contains('\0')) return {};
  const auto host = in_ascii(trimmed(decoded));
  const auto dot = host.find('.');
  if (host.size() > host_bytes_max || dot == std::string::npos || host.contains("..")) return {};
  if (!std::ranges::all_of(host, [](char c) { return is_ascii_alnum(c) || c == '.' || c == '-' || c == '_'; }))
    return {};
  return host;
}

void each_host(std::string_view text, const std::function<bool(const std::string& host, std::size_t at)>& found) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size() && count < link_hosts_max;) {
    if (!is_host_byte(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    bool has_dot = false;
    for (; end < text.size() && is_host_byte(text[end]); ++end)
      has_dot = has_dot || text[end] == '.' || text[end] == '%' || static_cast<unsigned char>(text[end]) == 0xE3;
    const auto word = text.substr(at, end - at);
    if (has_dot) {
      // A dot that ends a sentence has nothing after it; cheap to leave out, for most dots are such.
      const auto inner = trimmed(word);
      if (inner.find_first_of(".%\xE3") != std::string_view::npos) {
        ++count;
        if (const auto host = host_of(inner); !host.empty() && !found(host, at)) return;
      }
    }
    at = end;
  }
}

std::string_view listed_as(const std::unordered_set<std::string>& list, std::string_view host) {
  while (true) {
    if (const auto found = list.find(std::string(host)); found != list.end()) return *found;
    const auto dot = host.find('.');
    if (dot == std::string_view::npos) return {};
    host.remove_prefix(dot + 1);
  }
}

std::string_view house_of(std::string_view host) {
  constexpr std::array<std::string_view, 8> second{"co", "com", "org", "net", "gov", "ac", "gouv", "or"};
  auto last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  auto before = host.rfind('.', last - 1);
  if (before == std::string_view::npos) return host;
  const auto label = host.substr(before + 1, last - before - 1);
  const bool is_country = host.size() - last == 3;
  if (is_country && before > 0 && std::ranges::find(second, label) != second.end()) {
    before = host.rfind('.', before - 1);
    if (before == std::string_view::npos) return host;
  }
  return host.substr(before + 1);
}

}  // namespace answerable::policy
