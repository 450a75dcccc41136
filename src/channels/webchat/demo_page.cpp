// The page of an imaginary shop, for trying the chat. Its policy is as strict as a customer's site may be.
#include "channels/webchat/routes.h"

namespace answerable::channels::webchat {

namespace {

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; font: 17px/1.6 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 42rem; padding: 3rem 1.25rem 8rem; }
h1 { line-height: 1.2; }
ul { padding-inline-start: 1.25rem; }
footer { margin-top: 3rem; opacity: .75; font-size: .9rem; }
)css";

std::string page(ChannelId channel) {
  return R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The Lantern Shop</title>
<link rel="stylesheet" href="/demo/chat.css">
<script src="/widget.js" data-channel=")html" +
         channel.text() + R"html(" async></script>
</head>
<body>
<main>
<h1>The Lantern Shop</h1>
<p>Hand-made lanterns for gardens, porches and winter evenings.
This is a demonstration page: the shop does not exist, the chat does.</p>
<ul>
<li>Storm lantern, brass</li>
<li>Paper lantern, set of five</li>
<li>Solar lantern, waterproof</li>
</ul>
<p>Questions? Open the chat in the corner. Somebody who is signed in to Answerable sees what you write at once.</p>
</main>
<footer>Write something, reload the page, and find your conversation where you left it.</footer>
</body>
</html>
)html";
}

}  // namespace

void register_demo_page(net::Router& router, ChannelId channel) {
  const net::RouteOptions at_once{.max_body_bytes = 0, .blocking = false};
  auto html = std::make_shared<const std::string>(page(channel));
  router.add(
      "GET", "/demo/chat",
      [html](const net::Request&) {
        net::Response response;
        response.headers.set("Content-Type", "text/html; charset=utf-8");
        response.headers.set(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
            "blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'");
        response.headers.set("X-Content-Type-Options", "nosniff");
        response.headers.set("Referrer-Policy", "same-origin");
        response.shared_body = html;
        return response;
      },
      at_once);
  router.add(
      "GET", "/demo/chat.css",
      [](const net::Request&) {
        net::Response response;
        response.headers.set("Content-Type", "text/css; charset=utf-8");
        response.headers.set("X-Content-Type-Options", "nosniff");
        response.static_body = style;
        return response;
      },
      at_once);
}

}  // namespace answerable::channels::webchat
