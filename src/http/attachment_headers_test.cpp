#include "http/attachment_headers.h"

#include <doctest/doctest.h>

namespace answerable::http {
namespace {

TEST_CASE("a file of a stranger is handed over inert, under its own name") {
  CHECK(safe_content_type("text/html; charset=utf-8") == "application/octet-stream");
  CHECK(safe_content_type("image/svg+xml") == "application/octet-stream");
  CHECK(safe_content_type("IMAGE/PNG") == "image/png");
  CHECK(safe_content_type("evil\r\nX: y") == "application/octet-stream");
  CHECK(content_disposition("a.png", true) == "inline; filename=\"a.png\"");
  CHECK(content_disposition("é \"x\".pdf", false).find("filename*=UTF-8''%C3%A9%20%22x%22.pdf") != std::string::npos);
  CHECK(content_disposition("../../etc/passwd", false).find("filename=\".._.._etc_passwd\"") != std::string::npos);
  net::Headers headers;
  add_download_headers(headers, "x.html", "text/html");
  CHECK(headers.find("Content-Security-Policy")->starts_with("sandbox"));
  CHECK(headers.find("Content-Disposition")->starts_with("attachment"));
}

}  // namespace
}  // namespace answerable::http
