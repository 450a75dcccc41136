// The files of the web application and the widget, embedded at build time (tools/embed_assets.cmake). Immutable, so
// free to use from any thread; the bytes live as long as the process. Empty in a build without web/dist.
#pragma once

#include <span>
#include <string_view>

namespace answerable::http {

struct Representation {
  std::string_view bytes;
  std::string_view etag;  // strong (RFC 9110 section 8.8.3), with its quotes; differs between representations
};

struct Asset {
  std::string_view path;  // "/index.html", "/assets/index-1a2b3c.js", "/widget.js"
  std::string_view content_type;
  Representation identity;
  Representation brotli;  // without bytes when there is none that is smaller
  Representation gzip;
  bool immutable = false;  // its name changes with its content: may be cached for ever
};

struct ChosenRepresentation {
  std::string_view bytes;
  std::string_view etag;
  std::string_view content_encoding;  // "br", "gzip", or empty for none
};

const Asset* find_asset(std::string_view path);  // exact path; nullptr when there is none
std::span<const Asset> all_assets();             // by path

// The smallest representation that the Accept-Encoding header (RFC 9110 section 12.5.3) accepts; identity when in
// doubt. An answer chosen so needs `Vary: Accept-Encoding`.
ChosenRepresentation choose_representation(const Asset& asset, std::string_view accept_encoding);

}  // namespace answerable::http
