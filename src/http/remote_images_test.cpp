#include "http/remote_images.h"

#include <doctest/doctest.h>

#include <mutex>

#include "http/desk_test.h"
#include "mail/sanitise.h"
#include "net/loopback_test.h"

namespace answerable::http {
namespace {

using namespace std::string_view_literals;

constexpr auto png = "\x89PNG\r\n\x1a\n0000"sv;

std::string image(std::string_view url) { return "<img src=\"" + std::string(url) + "\">"; }

// A stranger's server: /tracker.png is a picture, all else is none. Keeps what it is asked.
struct Tracker : net::testing::TestServer {
  Tracker() {
    router.add("GET", "/{name}", [this](const net::Request& request) {
      std::lock_guard lock(mutex);
      asked.push_back(request);
      const auto is_picture = request.path == "/tracker.png";
      return net::Response::text(200, is_picture ? std::string(png) : "<svg onload='x'/>", "image/svg+xml");
    });
    start();
    url = "http://127.0.0.1:" + std::to_string(port());
  }
  std::string url;
  std::mutex mutex;
  std::vector<net::Request> asked;
};

ApiConfig reaching(std::function<Status(const net::IpAddress&)> may) {
  ApiConfig config;
  if (may) config.may_fetch_from = std::move(may);
  return config;
}

struct Reading : ApiFixture {
  explicit Reading(std::function<Status(const net::IpAddress&)> may = [](const net::IpAddress&) { return Status(); })
      : ApiFixture(reaching(std::move(may))) {}

  std::string path_of(std::string_view html) {
    const auto message = receive_html(mail::in_box(mail::sanitise_html(html)));
    return "/messages/" + message.text() + "/images/";
  }
  net::Response get(std::string target) { return send({.target = std::move(target), .cookie = cookie}); }

  std::string cookie = sign_in(add("zoe@acme.example", access::Role::agent));
};

TEST_CASE("remote pictures are numbered as they stand, each once, and asked for by their numbers") {
  const auto html = mail::sanitise_html(image("https://a.example/?a=1&amp;b=%22") + image("cid:x") +
                                        image("http://b.example/'") + image("https://a.example/?a=1&amp;b=%22"));
  CHECK(remote_images(html) == std::vector<std::string>{"https://a.example/?a=1&b=%22", "http://b.example/'"});
  CHECK(show_remote_images(html, "/p/") ==
        "<img src=\"/p/0\"><img data-cid=\"x\"><img src=\"/p/1\"><img src=\"/p/0\">");
  CHECK(remote_images("").empty());
}

TEST_CASE("so many pictures of a mail are shown, and no more") {
  std::string html;
  for (std::size_t i = 0; i <= remote_images_max; ++i) html += image("https://a.example/" + std::to_string(i));
  html = mail::sanitise_html(html);
  CHECK(remote_images(html).size() == remote_images_max);
  CHECK(
      show_remote_images(html, "/p/").ends_with("<img src=\"/p/199\"><img data-remote-src=\"https://a.example/200\">"));
}

TEST_CASE("a picture is known by its first bytes, and a document is none") {
  CHECK(image_type(png) == "image/png");
  CHECK(image_type("\xFF\xD8\xFF\xE0"sv) == "image/jpeg");
  CHECK(image_type("GIF89a"sv) == "image/gif");
  CHECK(image_type("RIFF\x10\0\0\0WEBPVP8 "sv) == "image/webp");
  CHECK(image_type("\0\0\0\x1c"
                   "ftypavif"sv) == "image/avif");
  CHECK(image_type("BM\x10\0\0\0\0\0\0\0\x36\0"sv) == "image/bmp");
  for (auto other : {"<svg/>"sv, "<?xml version='1.0'?><svg/>"sv, "<html>"sv, "GIF8"sv, "%PDF-1.4 ....."sv, ""sv,
                     "RIFF\x10\0\0\0WAVEfmt "sv, "BM<script>x</script>"sv}) {
    CAPTURE(other);
    CHECK(image_type(other).empty());
  }
}

TEST_CASE("a picture comes by way of us, once, and its server learns nothing of the reader") {
  Tracker tracker;
  Reading reading;
  const auto path = reading.path_of(image(tracker.url + "/tracker.png?who=1"));
  const auto shown = reading.get(path + "0");
  REQUIRE(shown.status == 200);
  CHECK(shown.content() == png);
  CHECK(shown.headers.find("Content-Type") == "image/png");
  CHECK(shown.headers.find("X-Content-Type-Options") == "nosniff");
  CHECK(shown.headers.find("Content-Security-Policy") == "sandbox; default-src 'none'; frame-ancestors 'self'");
  CHECK(shown.headers.find("Cross-Origin-Resource-Policy") == "same-origin");
  CHECK(shown.headers.find("Cache-Control") == "no-store");
  CHECK(reading.get(path + "0").status == 200);
  REQUIRE(tracker.asked.size() == 1);
  const auto& request = tracker.asked[0];
  CHECK(request.query == "who=1");
  CHECK(request.header("User-Agent") == "Answerable-Image-Proxy");
  for (auto name : {"Cookie", "Referer", "Authorization", "X-Forwarded-For"}) CHECK_FALSE(request.header(name));
  reading.clock.advance_ms(ImageProxy::kept_ms_max);
  CHECK(reading.get(path + "0").status == 200);
  CHECK(tracker.asked.size() == 1);
  reading.clock.advance_ms(1);
  reading.cookie = reading.sign_in(reading.add("ann@acme.example", access::Role::agent));
  CHECK(reading.get(path + "0").status == 200);
  CHECK(tracker.asked.size() == 2);
}

TEST_CASE("only pictures that stand in the message are fetched, for those who may read it") {
  Tracker tracker;
  Reading reading;
  const auto path = reading.path_of(image(tracker.url + "/tracker.png") + image(tracker.url + "/document"));
  for (auto number : {"2", "-1", "x", "0x", "99999999999999999999"}) CHECK(reading.get(path + number).status == 404);
  CHECK(reading.send({.target = path + "0"}).status == 401);
  const auto other = reading.make_workspace("Other");
  const auto stranger = reading.sign_in(reading.add("x@other.example", access::Role::agent, other.id));
  CHECK(reading.send({.target = path + "0", .cookie = stranger}).status == 404);
  CHECK(tracker.asked.empty());
  CHECK(reading.get(path + "1").status == 422);  // no picture, whatever it says that it is
}

TEST_CASE("nothing on this machine or in private networks is fetched unless the operator allows it") {
  Tracker tracker;
  Reading reading(nullptr);
  CHECK(reading.get(reading.path_of(image(tracker.url + "/tracker.png")) + "0").status == 403);
  CHECK(reading.get(reading.path_of(image("http://169.254.169.254/latest/meta-data")) + "0").status == 403);
  CHECK(reading.get(reading.path_of(image("http://10.0.0.1/x.png")) + "0").status == 403);
  CHECK(tracker.asked.empty());
}

}  // namespace
}  // namespace answerable::http
