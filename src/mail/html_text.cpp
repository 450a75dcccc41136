#include "mail/html_text.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_map>
#include <utility>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/html_url.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

enum class Shape : std::uint8_t { inside_line, line, paragraph, hidden };

// Asked once an element: a table of names beats comparing with each of them.
Shape shape_of(std::string_view tag) {
  using Names = std::initializer_list<std::string_view>;
  static const auto shapes = [] {
    std::unordered_map<std::string_view, Shape> map;
    auto add = [&](Shape shape, Names names) {
      for (auto name : names) map.emplace(name, shape);
    };
    add(Shape::hidden, {"head", "title", "script", "style", "template", "noembed", "noframes", "iframe", "select",
                        "datalist", "svg", "math"});
    add(Shape::paragraph,
        {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl", "table", "xmp", "listing"});
    add(Shape::line,
        {"div",    "li",   "tr",     "dt",   "dd",  "address", "article", "aside",  "center",     "dir",  "fieldset",
         "footer", "form", "header", "main", "nav", "section", "caption", "figure", "figcaption", "html", "body"});
    return map;
  }();
  auto known = shapes.find(tag);
  return known == shapes.end() ? Shape::inside_line : known->second;
}

bool has_class(HtmlNode node, std::string_view part) {
  return node.attribute("class").find(part) != std::string_view::npos;
}

bool has_id(HtmlNode node, std::string_view part) { return node.attribute("id").find(part) != std::string_view::npos; }

bool is_invisible(HtmlNode node) {
  auto style = node.attribute("style");
  if (style.empty()) return node.has_attribute("hidden");
  auto text = to_lower(style);
  std::erase_if(text, is_space);
  return text.find("display:none") != std::string::npos || text.find("mso-hide:all") != std::string::npos;
}

bool is_quote(HtmlNode node, std::string_view tag, bool in_reply) {
  if (tag != "blockquote" && tag != "div") return false;
  const auto classes = node.attribute("class");
  auto class_has = [&](std::string_view part) { return classes.find(part) != classes.npos; };
  if (!classes.empty() && (class_has("protonmail_quote") || class_has("tutanota_quote"))) return true;
  if (tag == "blockquote")
    return in_reply || same_letters(node.attribute("type"), "cite") || node.has_attribute("cite");
  if (!classes.empty() && (class_has("yahoo_quoted") || class_has("zmail_extra"))) return true;
  return has_id(node, "yiv") || node.attribute("name") == "quote";
}

// The line that Outlook draws above the head of the mail answered, in two generations.
bool has_outlook_border(HtmlNode node) {
  auto style = node.attribute("style");
  if (style.find("border-top") == style.npos) return false;
  auto text = to_lower(style);
  return text.find("solid #b5c4df") != text.npos || text.find("solid #e1e1e1") != text.npos;
}

LineMark mark_of(HtmlNode node, std::string_view tag) {
  const auto id = node.attribute("id");
  const auto classes = node.attribute("class");
  auto id_has = [&](std::string_view part) { return id.find(part) != id.npos; };
  auto class_has = [&](std::string_view part) { return classes.find(part) != classes.npos; };
  if (tag == "hr" && node.attribute("tabindex") == "-1") return LineMark::earlier;
  if (tag == "div" && has_outlook_border(node)) return LineMark::earlier;
  if (tag == "div" && node.attribute("name") == "messageSignatureSection") return LineMark::signature;
  if (id.empty() && classes.empty()) return LineMark::none;
  if (id_has("divRplyFwdMsg") || id_has("appendonsend") || class_has("OutlookMessageHeader") ||
      id_has("mail-editor-reference-message-container") || id_has("OLK_SRC_BODY_SECTION") || id_has("zwchr") ||
      id_has("ms-outlook-mobile-reference-message") || class_has("ms-outlook-mobile-reference-message") ||
      class_has("ntes-mailmaster-quote"))
    return LineMark::earlier;
  if (class_has("gmail_attr") || class_has("moz-cite-prefix") || class_has("yahoo_quoted_begin"))
    return LineMark::attribution;
  if (class_has("gmail_signature") || class_has("moz-signature") || id_has("ms-outlook-mobile-signature") ||
      id_has("AppleMailSignature") || class_has("protonmail_signature_block") || class_has("bluemail_signature") ||
      id == "Signature" || id == "signature_old" || classes == "mb_sig" || classes == "bloop_sign")
    return LineMark::signature;
  return LineMark::none;
}

class TextWriter {
 public:
  std::vector<TextLine> run(HtmlNode root) {
    visit(root, 0);
    end_line();
    while (!lines_.empty() && lines_.back().text.empty()) lines_.pop_back();
    return std::move(lines_);
  }

 private:
  void visit(HtmlNode node, std::size_t depth) {
    if (node.kind() == HtmlNode::Kind::text) return pre_ > 0 ? add_verbatim(node.text()) : add_text(node.text());
    if (node.kind() != HtmlNode::Kind::element || depth > 2 * max_html_depth) return;
    if (node.is_foreign() || node.is_template()) return;
    auto tag = node.tag();
    if (tag == "br") return break_line();
    if (tag == "img") return add_image(node);
    auto shape = shape_of(tag);
    if (shape == Shape::hidden || is_invisible(node)) return;
    if (tag == "hr") return add_rule(node);
    enter(node, tag, shape, depth);
  }

  void enter(HtmlNode node, std::string_view tag, Shape shape, std::size_t depth) {
    auto outer = state_;
    auto starts_reply = tag == "div" && has_class(node, "gmail_quote");
    auto mark = mark_of(node, tag);
    if (shape != Shape::inside_line || mark != LineMark::none) end_line();
    if (shape == Shape::paragraph) want_blank();
    set_mark(mark);
    in_reply_ += starts_reply ? 1 : 0;
    if (is_quote(node, tag, in_reply_ > 0))
      ++state_.quote_depth;
    else if (tag == "blockquote" && !has_class(node, "gmail_quote"))  // Gmail's own is a button of its editor
      state_.is_set_off = true;
    pre_ += tag == "pre" || tag == "xmp" || tag == "listing" ? 1 : 0;
    if (tag == "li") add_bullet();
    if ((tag == "td" || tag == "th") && !current_.empty()) add_text(" ");
    auto before = current_.size();
    for (std::size_t i = 0; i < node.child_count(); ++i) visit(node.child(i), depth + 1);
    if (tag == "a") add_link(node, before);
    if (shape != Shape::inside_line) end_line();
    if (shape == Shape::paragraph) want_blank();
    pre_ -= tag == "pre" || tag == "xmp" || tag == "listing" ? 1 : 0;
    in_reply_ -= starts_reply ? 1 : 0;
    if (state_ != outer) end_line();
    state_ = outer;
  }

  void set_mark(LineMark mark) {
    if (mark == LineMark::earlier)
      earlier_begins_ = true;
    else if (mark != LineMark::none)
      state_.mark = mark;
  }

  void add_text(std::string_view text) {
    while (!text.empty()) {
      auto word = static_cast<std::size_t>(std::ranges::find_if(text, is_space) - text.begin());
      if (word > 0) {
        if (space_ && !current_.empty()) current_ += ' ';
        space_ = false;
        append_word(text.substr(0, word));
        text.remove_prefix(word);
        continue;
      }
      space_ = true;
      text.remove_prefix(1);
    }
  }

  void append_word(std::string_view word) {  // no-break blanks are blanks, soft hyphens and zero widths nothing
    while (!word.empty()) {
      if (word.starts_with("\xC2\xA0"))
        current_ += ' ', word.remove_prefix(2);
      else if (word.starts_with("\xC2\xAD"))
        word.remove_prefix(2);
      else if (word.starts_with("\xE2\x80\x8B") || word.starts_with("\xEF\xBB\xBF"))
        word.remove_prefix(3);
      else
        current_ += word[0], word.remove_prefix(1);
    }
  }

  void add_verbatim(std::string_view text) {
    while (true) {
      auto end = text.find('\n');
      append_word(text.substr(0, end));
      if (end == std::string_view::npos) return;
      break_line();
      text.remove_prefix(end + 1);
    }
  }

  void add_image(HtmlNode node) {
    auto alt = trim(node.attribute("alt"));
    if (alt.empty() || is_invisible(node)) return;
    add_text(" [");
    add_text(alt.substr(0, 200));
    current_ += ']';
  }

  void add_rule(HtmlNode node) {
    end_line();
    set_mark(mark_of(node, "hr"));
    want_blank();
  }

  void add_bullet() { current_ += "- "; }

  void add_link(HtmlNode node, std::size_t before) {
    auto url = safe_link(node.attribute("href"));
    if (!url.starts_with("http") && !url.starts_with("HTTP")) return;
    auto shown = before <= current_.size() ? trim(std::string_view(current_).substr(before)) : std::string_view{};
    if (shown.empty() || same_target(shown, url)) return;
    current_ += " <" + url + ">";
  }

  static bool same_target(std::string_view shown, std::string_view url) {
    auto bare = [](std::string_view text) {
      if (auto slashes = text.find("://"); slashes != std::string_view::npos) text.remove_prefix(slashes + 3);
      if (text.ends_with('/')) text.remove_suffix(1);
      return text;
    };
    return same_letters(bare(shown), bare(url));
  }

  void want_blank() { blank_wanted_ = !lines_.empty(); }

  void push(std::string text) {
    if (!is_ascii(text) && !is_valid_utf8(text)) text = to_valid_utf8(text);  // &#1111111111;
    auto earlier = !text.empty() && std::exchange(earlier_begins_, false);
    lines_.push_back(
        {std::move(text), state_.quote_depth, state_.is_set_off, earlier ? LineMark::earlier : state_.mark});
  }

  void end_line() {
    auto text = std::move(current_);
    current_.clear();
    space_ = false;
    while (text.ends_with(' ')) text.pop_back();
    if (text.empty()) return;
    auto deepest = std::min(state_.quote_depth, lines_.empty() ? 0U : lines_.back().quote_depth);
    if (blank_wanted_ && !lines_.empty() && !lines_.back().text.empty()) lines_.push_back({.quote_depth = deepest});
    blank_wanted_ = false;
    push(std::move(text));
  }

  void break_line() {
    if (trim(current_).empty()) {
      current_.clear();
      auto blanks = lines_.size() > 1 && lines_.back().text.empty() && lines_[lines_.size() - 2].text.empty();
      if (!lines_.empty() && !blanks) push({});
      return;
    }
    end_line();
  }

  struct State {
    unsigned quote_depth = 0;
    bool is_set_off = false;
    LineMark mark = LineMark::none;
    bool operator==(const State&) const = default;
  };

  std::vector<TextLine> lines_;
  std::string current_;
  State state_;
  bool space_ = false, blank_wanted_ = false, earlier_begins_ = false;
  int pre_ = 0, in_reply_ = 0;
};

}  // namespace

std::vector<TextLine> html_to_lines(const HtmlDocument& document) { return TextWriter().run(document.root()); }

std::string join_lines(const std::vector<TextLine>& lines) {
  std::string out;
  for (const auto& line : lines) {
    out.append(line.quote_depth, '>');
    if (line.quote_depth > 0 && !line.text.empty()) out += ' ';
    out += line.text;
    out += '\n';
  }
  return out;
}

}  // namespace answerable::mail
