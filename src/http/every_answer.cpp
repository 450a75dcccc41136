#include "http/every_answer.h"

namespace answerable::http {

net::Headers every_answer(std::string_view public_url) {
  net::Headers headers;
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (public_url.starts_with("https://"))
    headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  return headers;
}

}  // namespace answerable::http
