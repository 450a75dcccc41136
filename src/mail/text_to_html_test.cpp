#include "mail/text_to_html.h"

#include <doctest/doctest.h>

#include "mail/html_document.h"
#include "mail/html_text.h"
#include "mail/limits.h"
#include "mail/sanitise.h"
#include "mail/text_direction.h"

namespace answerable::mail {
namespace {

std::string link(const std::string& href, const std::string& shown) {
  return "<a href=\"" + href + "\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">" + shown + "</a>";
}
std::string paragraph(const std::string& inside) { return "<p dir=\"auto\">" + inside + "</p>"; }
const std::string quote = "<blockquote type=\"cite\" dir=\"auto\">";

TEST_CASE("paragraphs, line ends and indents of a text are kept") {
  CHECK(text_to_html("Hello,\nthere.\n\n\nBye\n") == paragraph("Hello,<br>there.") + paragraph("Bye"));
  CHECK(text_to_html("a\r\nb\rc") == paragraph("a<br>b<br>c"));
  CHECK(text_to_html("a\n  b") == paragraph("a<br>\xC2\xA0\xC2\xA0"
                                            "b"));
  CHECK(text_to_html("").empty());
  CHECK(text_to_html(" \n\t\n").empty());
}

TEST_CASE("quoted lines become quotes as deep as they were") {
  CHECK(text_to_html("> one\n> > two\nthree") ==
        quote + paragraph("one") + quote + paragraph("two") + "</blockquote></blockquote>" + paragraph("three"));
  CHECK(text_to_html(">>x") == quote + quote + paragraph("x") + "</blockquote></blockquote>");
  auto deep = text_to_html(std::string(1'000, '>') + "x");
  CHECK(deep.starts_with(quote + quote));
  std::size_t quotes = 0;
  for (auto at = deep.find(quote); at != std::string::npos; at = deep.find(quote, at + 1)) ++quotes;
  CHECK(quotes == max_text_quote_depth);
}

TEST_CASE("addresses of http, https and mailto can be clicked, without the punctuation after them") {
  CHECK(text_to_html("See https://x.org/a?b=1&c=2.") ==
        paragraph("See " + link("https://x.org/a?b=1&amp;c=2", "https://x.org/a?b=1&amp;c=2") + "."));
  CHECK(text_to_html("(HTTP://x.org/a_(b))") ==
        paragraph("(" + link("HTTP://x.org/a_(b)", "HTTP://x.org/a_(b)") + ")"));
  CHECK(text_to_html("<mailto:a@x.org>") == paragraph("&lt;" + link("mailto:a@x.org", "mailto:a@x.org") + "&gt;"));
  for (const std::string text : {"javascript:alert(1)", "ftp://x.org", "xhttp://x.org", "http://", "https://?",
                                 "mailto:x", "www.x.org", "data:text/html,x", "tel:1"}) {
    CAPTURE(text);
    CHECK(text_to_html(text) == paragraph(text));
  }
}

TEST_CASE("hostile text stays text, and sanitising the result changes nothing") {
  for (const std::string text : {
           "<script>alert(1)</script>",
           "<b>bold</b> & \"quoted\" 'so'",
           "https://x.org/\"onclick=\"alert(1)",
           "https://x.org/'><img src=x onerror=alert(1)>",
           "mailto:a@x.org?subject=<script>",
           "</p></blockquote><svg onload=x>\n> </blockquote>\n>> &lt;",
           "http://x.org/\xC2\x85y \xEF\xBF\xBF \x01\x7F z",
           "\xE2\x80\xAEright to left https://x.org/\xE2\x80\xAE",
           "https://https://x.org http://x.orghttp://y.org",
           " leading\n\tand tab\n\v\f",
           "> quoted\n\n> again\n>\n> third",
           "<!-- x --><![CDATA[ y ]]>&#60;script&#62;",
       }) {
    CAPTURE(text);
    auto html = text_to_html(text);
    CHECK(sanitise_html(html) == html);
    for (const std::string never : {"<script", "<img", "<svg", "<b>", "<!--"})
      CHECK(html.find(never) == std::string::npos);
  }
  auto read = [](const std::string& text) { return join_lines(html_to_lines(HtmlDocument(text_to_html(text)))); };
  CHECK(read("<script>alert(1)</script>") == "<script>alert(1)</script>\n");
  CHECK(read("&#60;b&#62; &amp;") == "&#60;b&#62; &amp;\n");
}

TEST_CASE("what is written from right to left says so, paragraph by paragraph") {
  const std::string hebrew = "\u05E9\u05DC\u05D5\u05DD", arabic = "\u0645\u0631\u062D\u0628\u0627";
  const auto rtl = [](const std::string& inside) { return "<p dir=\"rtl\">" + inside + "</p>"; };
  CHECK(text_to_html(hebrew + "\n\nHello\n\n1. " + arabic) == rtl(hebrew) + paragraph("Hello") + rtl("1. " + arabic));
  CHECK(text_to_html("Hello " + hebrew) == paragraph("Hello " + hebrew));
  CHECK(text_to_html("> " + arabic) == "<blockquote type=\"cite\" dir=\"rtl\">" + rtl(arabic) + "</blockquote>");
  CHECK(text_to_html("\u2013 \u0661\u0662 \U0001F600 " + hebrew).starts_with("<p dir=\"rtl\">"));
  for (const std::string left : {"\u4F60\u597D", "\u00C9t\u00E9", "\u0416", "12:30", "\U0001F600", "\u2026"})
    CHECK_FALSE(is_right_to_left(left));
}

TEST_CASE("a picture stands where the text names it, and nowhere else") {
  const std::vector<TextImage> images{{"a \"b\".png", "1@x"}, {"c.png", "2@x"}};
  CHECK(text_to_html("See [c.png], [d.png] [c.png\n> [a \"b\".png]", images) ==
        paragraph("See <img src=\"cid:2@x\" alt=\"c.png\">, [d.png] [c.png") + quote +
            paragraph("<img src=\"cid:1@x\" alt=\"a &quot;b&quot;.png\">") + "</blockquote>");
  CHECK(text_to_html("[c.png]") == paragraph("[c.png]"));
}

TEST_CASE("of a text that is very long no HTML is made") {
  CHECK_FALSE(text_to_html(std::string(max_text_to_html_bytes, 'x')).empty());
  CHECK(text_to_html(std::string(max_text_to_html_bytes + 1, 'x')).empty());
}

}  // namespace
}  // namespace answerable::mail
