// What sanitised HTML may look like, written apart from the sanitiser so that a mistake there shows here: a reader of
// exactly the form that it writes. Anything else aborts.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ensure.h"

namespace answerable::fuzz {

class SafeHtmlReader {
 public:
  explicit SafeHtmlReader(std::string_view html) : rest_(html) {}

  void check() {
    while (!rest_.empty()) {
      auto text = rest_.substr(0, rest_.find('<'));
      ensure(text.find_first_of(">\"'") == text.npos, "text is escaped");
      rest_.remove_prefix(text.size());
      if (!rest_.empty()) tag();
    }
  }

 private:
  using Word = std::string_view;

  void tag() {
    rest_.remove_prefix(1);
    bool is_end = take('/');
    auto name = take_while([](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
    ensure(std::ranges::find(elements, name) != elements.end(), "an element of the list");
    while (!is_end && take(' ')) attribute();
    ensure(take('>'), "a tag ends after its attributes");
  }

  void attribute() {
    auto name = take_while([](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    ensure(std::ranges::find(attributes, name) != attributes.end(), "an attribute of the list");
    ensure(take('=') && take('"'), "a quoted value");
    auto value = take_while([](char c) { return c != '"' && c != '<' && c != '>' && c != '\''; });
    ensure(take('"'), "a quoted value ends");
    if (name == "href") link(value, {"http:", "https:", "mailto:", "tel:"});
    if (name == "data-remote-src") link(value, {"http:", "https:"});
    if (name == "style") style(value);
  }

  static void link(Word url, std::initializer_list<Word> schemes) {
    auto is_scheme = [&](Word scheme) {
      return std::ranges::equal(url.substr(0, scheme.size()), scheme, {}, [](char c) { return lower(c); });
    };
    ensure(std::ranges::any_of(schemes, is_scheme), "a scheme of the list");
  }

  // Words, numbers and colours; nothing negative, no function but those of colours, no escape.
  static void style(Word style) {
    for (char c : style)
      ensure((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 Word(" .,#%()/-_:;").contains(c),
             "a plain style");
    for (auto word : {"url", "position", "overflow", "transform", "z-index", "image", "expression", "behavior"})
      ensure(!has_property(style, word), "no such property");
    for (std::size_t at = 0; (at = style.find('(', at)) != Word::npos; ++at) {
      auto before = style.substr(0, at);
      ensure(before.ends_with("rgb") || before.ends_with("rgba") || before.ends_with("hsl") || before.ends_with("hsla"),
             "no function but those of colours");
    }
    for (std::size_t at = 1; at + 1 < style.size(); ++at) {
      auto is_sign = style[at] == '-' && Word(" :,/(").contains(style[at - 1]);
      ensure(!is_sign || !Word("0123456789.").contains(style[at + 1]), "no negative number");
    }
  }

  static bool has_property(Word style, Word name) {
    for (std::size_t at = 0; (at = style.find(name, at)) != Word::npos; ++at) {
      auto begins = at == 0 || style[at - 1] == ';';
      if (begins && style.substr(at + name.size()).starts_with(':')) return true;
    }
    return false;
  }

  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Word take_while(auto keep) {
    auto n = static_cast<std::size_t>(std::ranges::find_if_not(rest_, keep) - rest_.begin());
    auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  static constexpr std::array<Word, 58> elements{
      "a",   "abbr",  "b",   "big",   "blockquote", "br",   "caption", "center", "cite", "code", "col",   "colgroup",
      "dd",  "del",   "dfn", "dir",   "div",        "dl",   "dt",      "em",     "font", "h1",   "h2",    "h3",
      "h4",  "h5",    "h6",  "hr",    "i",          "img",  "ins",     "kbd",    "li",   "mark", "ol",    "p",
      "pre", "q",     "s",   "samp",  "small",      "span", "strike",  "strong", "sub",  "sup",  "table", "tbody",
      "td",  "tfoot", "th",  "thead", "tr",         "tt",   "u",       "ul",     "var",  "wbr"};
  static constexpr std::array<Word, 25> attributes{"href",        "rel",     "target",  "data-remote-src",
                                                   "data-cid",    "alt",     "width",   "height",
                                                   "align",       "valign",  "bgcolor", "color",
                                                   "face",        "size",    "border",  "cellpadding",
                                                   "cellspacing", "colspan", "rowspan", "span",
                                                   "start",       "type",    "dir",     "lang",
                                                   "style"};
  Word rest_;
};

}  // namespace answerable::fuzz
