#include "mail/html_url.h"

#include <algorithm>

#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

// What a browser's URL parser drops (leading and trailing controls and blanks, tabs and line ends anywhere) plus every
// other control, so that "java\tscript:" is seen as what it is.
std::string clean(std::string_view url) {
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; };
  auto is_changed = [&](char c) { return is_control(c) || c == ' '; };
  if (url.size() <= max_url_bytes && std::ranges::none_of(url, is_changed)) return std::string(url);  // nearly always
  std::string out;
  for (char c : url.substr(0, max_url_bytes + 1))
    if (!is_control(c)) out += c;
  auto text = trim(out);
  if (text.size() > max_url_bytes) return {};
  std::string encoded;
  for (char c : text) {
    if (c == ' ')
      encoded += "%20";
    else
      encoded += c;
  }
  return encoded.size() > max_url_bytes ? std::string{} : encoded;
}

std::string scheme_of(std::string_view url) {
  auto colon = url.find_first_of(":/?#");
  if (colon == std::string_view::npos || url[colon] != ':') return {};
  return to_lower(url.substr(0, colon));
}

bool has_host(std::string_view url) {  // http:// and at least one character that can begin a host
  auto rest = url.substr(url.find(':') + 1);
  if (!rest.starts_with("//") || rest.size() < 3) return false;
  return std::string_view("/\\?#:@").find(rest[2]) == std::string_view::npos;
}

}  // namespace

std::string safe_link(std::string_view url) {
  auto text = clean(url);
  auto scheme = scheme_of(text);
  if (scheme == "http" || scheme == "https") return has_host(text) ? text : std::string{};
  if (scheme == "mailto" || scheme == "tel") return text;
  return {};
}

std::string safe_remote_image(std::string_view url) {
  auto text = clean(url);
  auto scheme = scheme_of(text);
  return (scheme == "http" || scheme == "https") && has_host(text) ? text : std::string{};
}

std::string image_content_id(std::string_view url) {
  auto text = clean(url);
  if (scheme_of(text) != "cid") return {};
  return text.substr(4);
}

}  // namespace answerable::mail
