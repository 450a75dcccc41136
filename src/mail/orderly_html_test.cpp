#include "mail/orderly_html.h"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "mail/html_trees_test.h"
#include "mail/limits.h"

using namespace answerable::mail;

namespace {

void check_orderly(std::string_view html) {
  CAPTURE(html);
  const auto tree = tree_of_orderly(html);
  CHECK_MESSAGE(tree.has_value(), "it was left to gumbo");
  if (tree) CHECK(*tree == tree_of_gumbo(html));
}

bool is_left_to_gumbo(std::string_view html) { return !tree_of_orderly(html).has_value(); }

}  // namespace

TEST_CASE("html as mail programs write it is read without gumbo, to the same tree") {
  check_orderly("");
  check_orderly(" \n just text &amp; more &#8364; &#x20AC; a && b");
  check_orderly("<div dir=\"ltr\">Hello<div><br></div><div>there,&nbsp;<b>you</b></div></div>\n");
  check_orderly("<p style=\"margin:0\">One <a href=\"https://example.com/?a=1&b=2&amp;c=3\">two</a></p>\n<p>three</p>");
  check_orderly(
      "<!DOCTYPE html>\n<html lang=en xmlns:o='urn:x'>\n<head>\n<meta charset=utf-8/>\n<title>A &amp; B</title>\n"
      "<style>p > a { color: red } </style></head>\n<body bgcolor=white text=\"#000\">\n<p>x</p></body>\n</html>\n");
  check_orderly(
      "<html><head><meta name=a content=\"b\"><!--[if gte mso 9]><xml>x</xml><![endif]--></head>"
      "<body lang=EN-US link=\"#0563C1\"><div class=WordSection1><p class=MsoNormal>Hi<o:p></o:p></p>"
      "<p class=MsoNormal><o:p>&nbsp;</o:p></p></div></body></html>");
  check_orderly("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n<div>x</div>");
  check_orderly("<![if !supportLists]>a<![endif]><?xml version=1?>b<!-- c -- d -->e");
  check_orderly(
      "<table border=0 cellpadding=\"0\"><tbody>\n<tr>\n<td align=center valign=top><p>a</p>b</td><th>c</th></tr>"
      "</tbody></table>after");
  check_orderly("<table><tr><td>a<td><p>b<tr><td><table><tr><td>in</td></tr></table></table>");
  check_orderly("<table><thead><tr><th>a</thead><tbody><tr><td>b</tbody><tfoot><tr><td>c</tfoot></table>");
  check_orderly("<ul><li>a<li>b<p>c<li>d</ul><ol start=3><li><ul><li>e</ul></li></ol>");
  check_orderly("<p>a<p>b<hr>c<div>d<p>e</div>f<h1>g</h1><blockquote type=cite>h<p>i</blockquote>");
  check_orderly("<pre class=\"moz-quote-pre\" wrap=\"\">\n\na\n b</pre><pre>c</pre>");
  check_orderly("<font color=red size=+1><b><i><u>a</u></i></b><tt>b</tt></font>");
  check_orderly("<IMG SRC=cid:a ALT='a \"b\"'><BR><Div Class=x class=y>z</DIV><p hidden title = t>q");
  check_orderly(
      "Gr\xC3\xBC\xC3\x9F"
      "e \xE2\x82\xAC \xF0\x9F\x98\x80 &uuml;&szlig;<span\n\ttitle='&lt;&quot;&#39;'>x</span >");
  check_orderly("<p>a</body>\n</html>\n<!-- b -->\n");
}

TEST_CASE("html that has to be repaired is left to gumbo") {
  for (const auto* html : {"<b><i>a</b></i>",
                           "<p><b>a</p>b",
                           "</p>",
                           "<p><table></table>",
                           "<table>a</table>",
                           "<a>b<a>c</a></a>",
                           "<h1><h2></h2></h1>",
                           "<script>x</script>",
                           "<svg></svg>",
                           "<math></math>",
                           "<select></select>",
                           "<form></form>",
                           "<template></template>",
                           "<textarea></textarea>",
                           "<div",
                           "<div a",
                           "<div a='",
                           "<!-- a",
                           "<!-->a-->",
                           "<!--a--!>b-->",
                           "<a<b>",
                           "a < b",
                           "&copy",
                           "&notin;",
                           "&#0;",
                           "&#128;",
                           "&#xD800;",
                           "&#65",
                           "<a b='1'c='2'>",
                           "<a b=\"&copy\">",
                           "<style>a",
                           "a\rb",
                           "a\x01",
                           "\xEF\xBB\xBF"
                           "a",
                           "\xC2\x85",
                           "<td>a</td>",
                           "<body><body>",
                           "<body><html a=b>",
                           "<table><tr><td></body>",
                           "<div></span>",
                           "<o:p></o:q>",
                           "</head>",
                           "<head></head><meta>",
                           "<p></body>a"})
    CHECK_MESSAGE(is_left_to_gumbo(html), html);
}

TEST_CASE("what is deeper than the limit, or has more attributes, is left to gumbo and its bounds") {
  auto nested = [](std::size_t depth) {
    std::string html;
    for (std::size_t i = 0; i < depth; ++i) html += "<span>";
    for (std::size_t i = 0; i < depth; ++i) html += "</span>";
    return html;
  };
  check_orderly(nested(max_html_depth - 2));  // in html and body
  CHECK(is_left_to_gumbo(nested(max_html_depth - 1)));
  auto with_attributes = [](std::size_t count) {
    std::string html = "<p";
    for (std::size_t i = 0; i < count; ++i) html += " a" + std::to_string(i);
    return html + ">x</p>";
  };
  check_orderly(with_attributes(max_html_attributes));
  CHECK(is_left_to_gumbo(with_attributes(max_html_attributes + 1)));
}

TEST_CASE("pieces of html, in order and out of it, give gumbo's tree or are left to gumbo") {
  constexpr std::array tags{"p",     "div",   "b",     "a",   "span", "ul",   "ol",  "li",        "table",
                            "tbody", "thead", "tr",    "td",  "th",   "h1",   "pre", "html",      "head",
                            "body",  "title", "style", "o:p", "x",    "font", "i",   "blockquote"};
  constexpr std::array others{"<br>", "<hr>", "<meta>", "<!--c-->", "<!doctype html>",
                              " ",    "\n",   "x",      "&amp;",    "<img src=y>"};
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same ones each time
  auto one_of = [&](const auto& list) { return std::string(list[random() % list.size()]); };
  std::size_t read = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string html;
    std::vector<std::string> open;
    for (auto left = random() % 24; left > 0; --left) {
      const auto choice = random() % 100;
      if (choice < 35) html += "<" + open.emplace_back(one_of(tags)) + ">";
      if (choice >= 35 && choice < 65) html += one_of(others);
      if (choice >= 65 && choice < 67) html += "</" + one_of(tags) + ">";  // mostly the wrong one
      if (choice < 67 || open.empty()) continue;
      html += "</" + open.back() + ">";
      open.pop_back();
    }
    const auto tree = tree_of_orderly(html);
    if (!tree) continue;
    ++read;
    CAPTURE(html);
    REQUIRE(*tree == tree_of_gumbo(html));
  }
  CHECK(read > 5'000);
}
