// The pictures of a formatted mail that lie on strangers' servers. A browser never goes there: it asks us for picture N
// of message M, and we fetch it for it (image_proxy.h). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::http {

inline constexpr std::size_t remote_images_max = 200;  // of one message; further ones stay away

// Their addresses, each once, in the order of the HTML, at most remote_images_max. `html` as the sanitiser wrote it:
// there an attribute's name and quote cannot stand in text or in a value.
std::vector<std::string> remote_images(std::string_view html);

// Gives each the address `prefix` + its number in that list.
std::string show_remote_images(std::string_view html, std::string_view prefix);

// The type of a picture by its first bytes: PNG, JPEG, GIF, WebP, BMP or AVIF. Empty for all else; above all for SVG,
// which is a document.
std::string_view image_type(std::string_view bytes);

}  // namespace answerable::http
