#include "http/remote_images.h"

#include <algorithm>
#include <array>
#include <utility>

namespace answerable::http {
namespace {

constexpr std::string_view attribute = " data-remote-src=\"";

// What mail::append_escaped() did.
std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> characters{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}}};
  std::string out;
  while (!text.empty()) {
    const auto* found = std::ranges::find_if(characters, [&](const auto& one) { return text.starts_with(one.first); });
    const auto is_found = found != characters.end();
    out += is_found ? found->second : text.front();
    text.remove_prefix(is_found ? found->first.size() : 1);
  }
  return out;
}

// Calls each(address as it is written, where its attribute begins, where it ends).
void for_each_image(std::string_view html, auto each) {
  for (auto at = html.find(attribute); at != std::string_view::npos;) {
    const auto begin = at + attribute.size();
    const auto end = html.find('"', begin);
    if (end == std::string_view::npos) return;
    each(html.substr(begin, end - begin), at, end + 1);
    at = html.find(attribute, end);
  }
}

// As they are written, each once.
std::vector<std::string_view> written_addresses(std::string_view html) {
  std::vector<std::string_view> all;
  for_each_image(html, [&](std::string_view address, std::size_t, std::size_t) {
    if (all.size() < remote_images_max && std::ranges::find(all, address) == all.end()) all.push_back(address);
  });
  return all;
}

}  // namespace

std::vector<std::string> remote_images(std::string_view html) {
  std::vector<std::string> all;
  for (const auto address : written_addresses(html)) all.push_back(unescaped(address));
  return all;
}

std::string show_remote_images(std::string_view html, std::string_view prefix) {
  const auto addresses = written_addresses(html);
  std::string out;
  std::size_t done = 0;
  for_each_image(html, [&](std::string_view address, std::size_t begin, std::size_t end) {
    const auto found = std::ranges::find(addresses, address);
    if (found == addresses.end()) return;
    out.append(html, done, begin - done).append(" src=\"").append(prefix);
    out.append(std::to_string(found - addresses.begin())).append("\"");
    done = end;
  });
  return out.append(html, done);
}

std::string_view image_type(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return "image/jpeg";
  if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return "image/gif";
  if (bytes.size() < 12) return {};
  if (bytes.starts_with("RIFF"sv) && bytes.substr(8, 4) == "WEBP"sv) return "image/webp";
  if (bytes.substr(4, 8) == "ftypavif"sv) return "image/avif";
  if (bytes.starts_with("BM"sv) && bytes.substr(6, 4) == "\0\0\0\0"sv) return "image/bmp";
  return {};
}

}  // namespace answerable::http
