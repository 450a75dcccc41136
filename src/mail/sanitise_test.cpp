#include "mail/sanitise.h"

#include <doctest/doctest.h>

#include <array>

#include "mail/css.h"
#include "mail/html_url.h"
#include "mail/limits.h"
#include "mail/message.h"

using namespace answerable::mail;

namespace {

std::string safe(std::string_view html) {
  auto once = sanitise_html(html);
  CHECK(sanitise_html(once) == once);
  return once;
}

}  // namespace

TEST_CASE("ordinary formatting stays") {
  CHECK(safe("<p>Hello <b>there</b>,<br>yes</p>") == "<p>Hello <b>there</b>,<br>yes</p>");
  CHECK(safe("<ul><li>one<li>two</ul>") == "<ul><li>one</li><li>two</li></ul>");
  CHECK(safe("<table width=600 cellpadding=0><tr><td align=center bgcolor=#FFFFFF>x</td></tr></table>") ==
        "<table cellpadding=\"0\" width=\"600\"><tbody><tr><td bgcolor=\"#ffffff\" "
        "align=\"center\">x</td></tr></tbody></table>");
  CHECK(safe("1 < 2 & \"x\"") == "1 &lt; 2 &amp; &quot;x&quot;");
  CHECK(safe("<font color=red size=+1 face='Segoe UI, Arial'>x</font>") ==
        "<font color=\"red\" face=\"Segoe UI, Arial\" size=\"+1\">x</font>");
}

TEST_CASE("what is sanitised can stand in a box of its own, and never in two") {
  CHECK(in_box("") == "");
  CHECK(in_box("<p>x</p>") == "<div style=\"overflow:auto\"><p>x</p></div>");
  CHECK(safe(in_box("<p>x</p>")) == "<p>x</p>");
  CHECK(safe("x") == "x");
  CHECK(safe("<!-- x -->") == "");
  CHECK(safe(in_box("x") + "y") == "<div>x</div>y");
  CHECK(safe("<div style=\"overflow:auto;color:red\">x</div>") == "<div style=\"color:red\">x</div>");
}

TEST_CASE("as many elements lie in each other as can be read again, and the rest loses its elements only") {
  std::string deep;
  for (std::size_t i = 1; i < max_html_depth; ++i) deep += "<b>";
  auto boxed = in_box(safe(deep + "<i>x</i>"));
  CHECK(boxed.find("<b>x</b>") != std::string::npos);
  CHECK(in_box(sanitise_html(boxed)) == boxed);
}

TEST_CASE("links open apart and say nothing of us") {
  CHECK(safe("<a href='https://example.com/?a=1&b=2' onclick=x target=_self>x</a>") ==
        "<a href=\"https://example.com/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">x</a>");
  CHECK(safe("<a href='mailto:a@b.example'>x</a>").find("mailto:a@b.example") != std::string::npos);
  CHECK(safe("<a href='tel:+123'>x</a>").find("tel:+123") != std::string::npos);
}

TEST_CASE("a link with any other scheme loses its address, however it is spelled") {
  for (auto url : {"javascript:alert(1)",
                   "JaVaScRiPt:alert(1)",
                   "java\tscript:alert(1)",
                   "java\nscript:alert(1)",
                   " javascript:alert(1)",
                   "\x01javascript:alert(1)",
                   "&#106;avascript:alert(1)",
                   "&#x6A&#x61vascript:alert(1)",
                   "java&Tab;script:alert(1)",
                   "java&NewLine;script:alert(1)",
                   "javascript&colon;alert(1)",
                   "data:text/html,<script>alert(1)</script>",
                   "vbscript:x",
                   "file:///etc/passwd",
                   "blob:x",
                   "//evil.example/x",
                   "\\\\evil.example",
                   "http:evil",
                   "http:///x",
                   "https:/\\evil",
                   "cid:x",
                   "view-source:http://x",
                   "#x",
                   "x.html"}) {
    CAPTURE(url);
    CHECK(safe("<a href=\"" + std::string(url) + "\">x</a>") == "<a>x</a>");
  }
}

TEST_CASE("remote images wait for a click and attached ones keep their id") {
  CHECK(safe("<img src='https://example.com/i.png' alt=logo width=10>") ==
        "<img data-remote-src=\"https://example.com/i.png\" alt=\"logo\" width=\"10\">");
  CHECK(safe("<img src='cid:logo@x'>") == "<img data-cid=\"logo@x\">");
  CHECK(safe("<img src='data:image/png;base64,AAAA'>") == "<img>");
  CHECK(safe("<img srcset='https://evil.example/a 1x' src=x onerror=alert(1) lowsrc=https://e.example dynsrc=x>") ==
        "<img>");
  CHECK(sanitise_html("<img src='https://example.com/i.png'>", {.keep_remote_images = false}) == "<img>");
  CHECK(safe("<table background='https://e.example/x'><tr><td background=x>y</table>").find("background") ==
        std::string::npos);
}

TEST_CASE("what leaves in a mail has the addresses of its pictures again, and only of these") {
  CHECK(with_image_addresses(
            "<p data-x>a data-cid=b<img alt=\"c\" data-cid=\"1@x\"><img data-remote-src=\"https://e/\">") ==
        "<p data-x>a data-cid=b<img alt=\"c\" src=\"cid:1@x\"><img src=\"https://e/\">");
  auto safe = sanitise_html("<img src='cid:1@x' alt='\" data-cid=\"2'><img src='https://e.example/'> data-cid=\"3\"");
  CHECK(sanitise_html(with_image_addresses(safe)) == safe);
}

// CVE-2022-1316, CVE-2011-2083, GHSA-985r-6qfc-hg8m (a form in a mail that asks for a password).
TEST_CASE("elements that run, load, ask or cover are gone") {
  for (auto html : {"<script>alert(1)</script>",
                    "<style>*{color:red}</style>",
                    "<iframe src=x></iframe>",
                    "<object data=x></object>",
                    "<embed src=x>",
                    "<svg onload=alert(1)><script>alert(1)</script></svg>",
                    "<math><mi>x</mi></math>",
                    "<template><img src=x></template>",
                    "<link rel=stylesheet href=x>",
                    "<meta http-equiv=refresh content='0;x'>",
                    "<base href=x>",
                    "<input name=q>",
                    "<video src=x></video>",
                    "<audio src=x></audio>",
                    "<canvas></canvas>",
                    "<frameset><frame src=x></frameset>",
                    "<applet code=x></applet>",
                    "<title>x</title>",
                    "<noembed><img></noembed>",
                    "<select><option>x</select>",
                    "<!-- x -->",
                    "<?xml x?>",
                    "<![CDATA[x]]>",
                    "<dialog open></dialog>"}) {
    CAPTURE(html);
    CHECK(safe(html) == "");
  }
  CHECK(safe("<form action=x><button formaction=javascript:x>Send</button></form>") == "<div>Send</div>");
  CHECK(safe("<marquee onstart=alert(1)>x</marquee>") == "x");
}

TEST_CASE("what stands in for a video or an object is shown, for neither of them is") {
  for (auto element : {"video", "audio", "object", "canvas", "applet"}) {
    auto html = "<" + std::string(element) + " src=x data=x onload=x><p>Watch it <a href='https://a.example/'>here</a>";
    CAPTURE(html);
    CHECK(safe(html).starts_with("<p>Watch it <a href=\"https://a.example/\""));
    CHECK(parse_message("Content-Type: text/html\n\n" + html).text.find("Watch it here") != std::string::npos);
  }
}

TEST_CASE("known mutation attacks come out as text or not at all") {
  constexpr std::array<std::string_view, 14> attacks{
      "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
      "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
      "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
      "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
      "<svg><foreignObject><p><style><!--</style><img src=x onerror=alert(1)>-->",
      "<template><style></template><img src=x onerror=alert(1)>",
      "<math><annotation-xml encoding=\"text/html\"><style><img src=x "
      "onerror=alert(1)></style></annotation-xml></math>",
      "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
      "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
      "<select><style></select><img src=x onerror=alert(1)></style>",
      "<a href=\"x\" title=\"`<img src=x onerror=alert(1)>`\">y",
      "<img src=\"x` `<script>alert(1)</script>\"` `>",
      "<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
      "<plaintext><img src=x onerror=alert(1)>"};
  for (auto attack : attacks) {
    CAPTURE(attack);
    auto result = safe(attack);
    for (auto tag : {"<script", "<svg", "<math", "<style", "<form"}) CHECK(result.find(tag) == std::string::npos);
    // An img may stay, but never with an attribute that runs or loads.
    for (auto at = result.find("<img"); at != std::string::npos; at = result.find("<img", at + 1)) {
      auto tag = result.substr(at, result.find('>', at) - at);
      CHECK(tag.find("onerror=") == std::string::npos);
      CHECK(tag.find(" src=") == std::string::npos);
    }
  }
}

// GHSA-jpq8-j69f-mj98 (a tag within a tag survives being taken out once), CVE-2026-56732.
TEST_CASE("what is left when a tag is taken out makes no other tag") {
  for (auto html : {"<scr<script>ipt>alert(1)</scr</script>ipt>", "<<script>script>alert(1)<</script>/script>",
                    "<scr<!-- -->ipt>alert(1)</script>", "<im<b></b>g src=x onerror=alert(1)>",
                    "<form><form action=/x><input><button>Go</button></form></form>", "<iframe<iframe src=x>></iframe>",
                    "<svg<svg/onload=alert(1)>>"}) {
    CAPTURE(html);
    auto result = safe(html);
    for (auto tag : {"<script", "<form", "<input", "<button", "<iframe", "<svg", "<img"})
      CHECK(result.find(tag) == std::string::npos);
  }
}

// CVE-2026-63006 (an image whose address climbs into the API), CVE-2026-84463, CVE-2026-56735.
TEST_CASE("an image or a link that leads into our own server leads nowhere") {
  for (auto url : {"../../api/v1/session", "/api/v1/conversations", "./x.png", "api/v1/me", "?x", "\\api\\v1", "/\\x",
                   "https:/api/v1/session", "https:api/v1/session", "//../api", "data:image/svg+xml,<svg onload=x>"}) {
    CAPTURE(url);
    CHECK(safe("<img src=\"" + std::string(url) + "\">") == "<img>");
    CHECK(safe("<a href=\"" + std::string(url) + "\">x</a>") == "<a>x</a>");
    CHECK(safe("<img srcset=\"" + std::string(url) + " 1x\" sizes=1px>") == "<img>");
  }
}

// CVE-2026-36214 (attributes that a library of the page acts on), and that clobber.
TEST_CASE("ids, names and classes are dropped, so that nothing of ours can be clobbered") {
  CHECK(safe("<a id=cookie name=body class=btn href='https://x.example'>x</a>").find("cookie") == std::string::npos);
  CHECK(safe("<b data-toggle=tooltip data-bs-html=true data-bs-title='<img src=x onerror=alert(1)>' "
             "data-target=x>t</b>") == "<b>t</b>");
  CHECK(safe("<div id=x name=y class=z data-x=1 aria-label=q role=button tabindex=1 accesskey=s "
             "contenteditable>t</div>") == "<div>t</div>");
}

TEST_CASE("attributes that never close and bytes that mean nothing are harmless") {
  CHECK(safe("<p title=\"x") == "");
  CHECK(safe("<img alt=\"<script>alert(1)</script>\">") == "<img alt=\"&lt;script&gt;alert(1)&lt;/script&gt;\">");
  CHECK(safe("<scr\x01ipt>x</scr\x01ipt>").find("<scr") == std::string::npos);
  CHECK(safe("a&#1111111111;b&#0;c&#x81;d").find("&#") == std::string::npos);
}

TEST_CASE("harmless declarations of style stay in one form") {
  CHECK(safe_style("COLOR: Red ; margin:0 auto;font-family:'Segoe UI', Arial , sans-serif;") ==
        "color:red;margin:0 auto;font-family:segoe ui,arial,sans-serif");
  CHECK(safe_style("background:#FFF;padding:1px 2.5em;width:100%!important") ==
        "background-color:#fff;padding:1px 2.5em;width:100%");
  CHECK(safe_style("color:rgb( 1, 2 ,3 );line-height:1.5") == "color:rgb(1,2,3);line-height:1.5");
}

TEST_CASE("letters, lines and boxes stay within the sizes of a page") {
  for (auto style : {"text-indent:900px", "letter-spacing:50em", "font-size:800px", "line-height:10000%",
                     "line-height:2000", "width:image-set('http://x' 1x)", "background:\\75rl(http://x)",
                     "backgr\\6fund:url(http://x)", "mask:url(http://x)", "filter:url(http://x)", "width:calc(100vw)",
                     "inset:0", "margin-top:-50px", "margin:0 -.5em"}) {
    CAPTURE(style);
    CHECK(safe_style(style).empty());
  }
  CHECK(safe_style("font-size:180px;line-height:9;text-indent:2em") == "font-size:180px;line-height:9;text-indent:2em");
  CHECK(safe_style("width:1200px;margin:360px;font-size:300%;width:100%") ==
        "width:1200px;margin:360px;font-size:300%;width:100%");
  for (auto style : {"width:1201px", "margin:361px", "padding:0 361px", "border:361px solid", "font-size:181px",
                     "font-size:301%", "text-indent:101%", "width:101%", "height:901pt", "width:76em"})
    CHECK(safe_style(style).empty());
  CHECK(safe("<img width=1200 height=100%>") == "<img width=\"1200\" height=\"100%\">");
  CHECK(safe("<img width=1201 height=101%>") == "<img>");
}

TEST_CASE("declarations that load, run, cover or leave the box are dropped") {
  for (auto style : {"position:fixed",
                     "position:absolute;top:0",
                     "z-index:9",
                     "margin:-10px",
                     "margin-left:-5em",
                     "text-indent:-9999px",
                     "background:url(https://e.example/x)",
                     "background:url('x')",
                     "background-image:url(x)",
                     "width:expression(alert(1))",
                     "behavior:url(x.htc)",
                     "-moz-binding:url(x)",
                     "color:red\\",
                     "c\\6flor:red",
                     "color:\\72 ed",
                     "background:u\\72l(x)",
                     "color:/**/red",
                     "color:red/*",
                     "@import 'x'",
                     "color:red}body{color:blue",
                     "color:var(--x)",
                     "content:'x'",
                     "filter:progid:x",
                     "transform:scale(9)",
                     "opacity:0",
                     "width:99999px",
                     "font-size:5000pt",
                     "width:100vw",
                     "height:100vh",
                     "cursor:url(x),auto",
                     "list-style:url(x)",
                     "animation:x 1s",
                     "overflow:visible",
                     "display:flex",
                     "float:footnote",
                     "background:red blue fixed url(x)",
                     "color:red<",
                     "width:calc(100% + 9999px)",
                     "color:env(x)",
                     "background:image-set('x' 1x)",
                     "left:0",
                     "inset:0",
                     "font-family:'\x01x'",
                     "color:\xEF\xBD\x95rl(x)",
                     "border-image:url(x)",
                     "mask:url(x)",
                     "pointer-events:all"}) {
    CAPTURE(style);
    CHECK(safe_style(style) == "");
  }
  CHECK(safe_style("position:fixed;color:red;z-index:1") == "color:red");
}

TEST_CASE("a URL is read as a browser reads it") {
  CHECK(safe_link(" https://example.com/a b ") == "https://example.com/a%20b");
  CHECK(safe_link("HTTPS://EXAMPLE.com") == "HTTPS://EXAMPLE.com");
  CHECK(safe_link(std::string(5000, 'x')) == "");
  CHECK(image_content_id("CID:a@b") == "a@b");
}
