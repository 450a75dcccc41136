#include "http/html.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/html_escape.h"

namespace answerable::http {
namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark;--ink:#211c1f;--soft:#5c5458;--paper:#fdfcf9;--line:#e2dcd1;--link:#7a2a5e;"
    "--new:#d9f2df;--old:#fbdfe0}"
    "@media(prefers-color-scheme:dark){:root{--ink:#f2edef;--soft:#b7adb2;--paper:#181517;--line:#352f33;"
    "--link:#f0a6d0;--new:#1f4a2a;--old:#5a2328}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);"
    "font:16px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}"
    "main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem}h1{font-size:1.7rem;line-height:1.2}"
    "h2{font-size:1.15rem;margin:2rem 0 .5rem}a{color:var(--link)}.small{color:var(--soft);font-size:.85rem}"
    "section{border-top:1px solid var(--line)}.pieces{white-space:pre-line}"
    "summary{padding:.25rem 0;cursor:pointer}"
    "ins{background:var(--new)}del{background:var(--old)}"
    "label{display:block;margin:1rem 0 .25rem;font-weight:600}"
    "input,textarea,select{width:100%;padding:.5rem;font:inherit;color:inherit;background:transparent;"
    "border:1px solid var(--soft);border-radius:6px}"
    "input[type=checkbox]{width:auto;margin-inline-end:.5rem}"
    "button{margin-top:1rem;padding:.6rem 1rem;font:inherit;color:var(--paper);background:var(--link);border:0;"
    "border-radius:6px}";

const std::string& content_security_policy() {
  static const std::string policy = "default-src 'none'; style-src 'sha256-" + to_base64(as_bytes(sha256(style))) +
                                    "'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  return policy;
}

}  // namespace

void Html::begin(std::string_view language, std::string_view title) {
  raw("<!doctype html><html lang=\"").text(language).raw("\"><head><meta charset=\"utf-8\">");
  raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>").text(title);
  raw("</title><style>").raw(style).raw("</style></head><body>");
}

Html& Html::text(std::string_view text) {
  append_html_escaped(out_, text);
  return *this;
}

Html& Html::element(std::string_view name, std::string_view content) {
  return raw("<").raw(name).raw(">").text(content).raw("</").raw(name).raw(">");
}

std::string Html::take() { return std::move(out_ += "</body></html>\n"); }

net::Response html_response(std::string page) {
  auto response = net::Response::text(200, std::move(page), "text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy", content_security_policy());
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  response.headers.set("X-Frame-Options", "DENY");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

net::Response html_refusal(net::Response refusal, std::string_view language) {
  struct Words {
    std::string_view missing, busy, failed, policy;
  };
  static constexpr Words english{"There is no such page.", "Too many requests came from there. Please try again later.",
                                 "This did not work. Please try again later.", "Acceptable use"};
  static constexpr Words french{"Cette page n’existe pas.", "Trop de demandes en viennent. Réessayez plus tard.",
                                "Cela n’a pas fonctionné. Réessayez plus tard.", "Utilisation acceptable"};
  const auto& words = language == "fr" ? french : english;
  const auto title = refusal.status == 404 ? words.missing : refusal.status == 429 ? words.busy : words.failed;
  Html out;
  out.begin(language, title);
  out.raw("<main>").element("h1", title).raw("<p><a href=\"/acceptable-use?lang=").raw(language).raw("\">");
  out.text(words.policy).raw("</a></p></main>");
  refusal.body = out.take();
  refusal.headers.set("Content-Type", "text/html; charset=utf-8");
  refusal.headers.set("Content-Security-Policy", content_security_policy());
  return refusal;
}

std::string_view reader_language(const net::Request& request) {
  if (const auto asked = request.query_parameter("lang")) return *asked == "fr" ? "fr" : "en";
  return request.header("Accept-Language").value_or("").starts_with("fr") ? "fr" : "en";
}

}  // namespace answerable::http
