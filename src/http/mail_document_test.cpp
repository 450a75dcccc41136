#include "http/mail_document.h"

#include <doctest/doctest.h>

#include "http/desk_test.h"
#include "mail/sanitise.h"

namespace answerable::http {
namespace {

struct Formatted : Desk {
  std::string path_of(std::string_view html, std::vector<conversations::NewAttachment> attachments = {}) {
    const auto message = receive_html(mail::sanitise_html(html), std::move(attachments));
    return "/messages/" + message.text() + "/document";
  }
};

bool has(const net::Response& response, std::string_view text) {
  return response.content().find(text) != std::string_view::npos;
}
std::string policy_of(const net::Response& response) {
  return std::string(response.headers.find("Content-Security-Policy").value_or(""));
}

TEST_CASE_FIXTURE(Formatted, "a formatted mail is a page without script, and without remote images until asked for") {
  const auto path = path_of("<p>Hi</p><script>hacked()</script><img src=\"https://t.example/x.png?a=1&b=2\">");
  const auto calm = get(path);
  REQUIRE(calm.status == 200);
  CHECK(calm.headers.find("Content-Type") == "text/html; charset=utf-8");
  CHECK(calm.headers.find("Referrer-Policy") == "no-referrer");
  CHECK(calm.headers.find("X-DNS-Prefetch-Control") == "off");
  CHECK(calm.headers.find("X-Content-Type-Options") == "nosniff");
  CHECK(calm.headers.find("Cache-Control") == "no-store");
  CHECK(policy_of(calm).starts_with("sandbox "));
  CHECK(policy_of(calm).find("allow-scripts") == std::string::npos);
  CHECK(policy_of(calm).find("default-src 'none'") != std::string::npos);
  CHECK(policy_of(calm).find("http") == std::string::npos);
  CHECK(has(calm, "<p>Hi</p>"));
  CHECK(!has(calm, "hacked"));
  CHECK(!has(calm, " src="));
  const auto shown = get(path + "?images=1");
  CHECK(policy_of(shown) == policy_of(calm));
  CHECK(has(shown, "<img src=\"/api/v1" + path.substr(0, path.rfind('/')) + "/images/0\">"));
  CHECK(!has(shown, "t.example"));
  CHECK(get(path + "?images=2").status == 400);
}

TEST_CASE_FIXTURE(Formatted, "pictures that came with a mail are shown, files that could be active are not") {
  const auto page = get(path_of("<img src=\"cid:one&two@x\"><img src=\"cid:page@x\">",
                                {{.filename = "a.png", .content_type = "image/png", .content_id = "one&two@x"},
                                 {.filename = "b.svg", .content_type = "image/svg+xml", .content_id = "page@x"}}));
  CHECK(has(page, "<img src=\"/api/v1/attachments/"));
  CHECK(!has(page, "one&amp;two"));
  CHECK(has(page, "data-cid=\"page@x\""));
}

TEST_CASE("a text that looks like an attribute stays text") {
  const auto html = mail::sanitise_html(
      "<p> data-remote-src=\"https://t.example\"</p>"
      "<img alt=' data-remote-src=\"https://t.example\"'>");
  CHECK(mail_document(html, {}, "/").find(" src=") == std::string::npos);
}

TEST_CASE_FIXTURE(Formatted, "a message without formatting has no document, and strangers see none") {
  CHECK(get(path_of("")).status == 404);
  const auto path = path_of("<p>Hi</p>");
  CHECK(send({.target = path}).status == 401);
  const auto other = make_workspace("Other");
  CHECK(send({.target = path, .cookie = sign_in(add("x@other.example", access::Role::agent, other.id))}).status == 404);
}

}  // namespace
}  // namespace answerable::http
