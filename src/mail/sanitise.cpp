#include "mail/sanitise.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/css.h"
#include "mail/html_url.h"
#include "mail/html_writer.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

constexpr std::array kept{std::string_view{"a"},       std::string_view{"abbr"},       std::string_view{"b"},
                          std::string_view{"big"},     std::string_view{"blockquote"}, std::string_view{"br"},
                          std::string_view{"caption"}, std::string_view{"center"},     std::string_view{"cite"},
                          std::string_view{"code"},    std::string_view{"col"},        std::string_view{"colgroup"},
                          std::string_view{"dd"},      std::string_view{"del"},        std::string_view{"dfn"},
                          std::string_view{"dir"},     std::string_view{"div"},        std::string_view{"dl"},
                          std::string_view{"dt"},      std::string_view{"em"},         std::string_view{"font"},
                          std::string_view{"h1"},      std::string_view{"h2"},         std::string_view{"h3"},
                          std::string_view{"h4"},      std::string_view{"h5"},         std::string_view{"h6"},
                          std::string_view{"hr"},      std::string_view{"i"},          std::string_view{"img"},
                          std::string_view{"ins"},     std::string_view{"kbd"},        std::string_view{"li"},
                          std::string_view{"mark"},    std::string_view{"ol"},         std::string_view{"p"},
                          std::string_view{"pre"},     std::string_view{"q"},          std::string_view{"s"},
                          std::string_view{"samp"},    std::string_view{"small"},      std::string_view{"span"},
                          std::string_view{"strike"},  std::string_view{"strong"},     std::string_view{"sub"},
                          std::string_view{"sup"},     std::string_view{"table"},      std::string_view{"tbody"},
                          std::string_view{"td"},      std::string_view{"tfoot"},      std::string_view{"th"},
                          std::string_view{"thead"},   std::string_view{"tr"},         std::string_view{"tt"},
                          std::string_view{"u"},       std::string_view{"ul"},         std::string_view{"var"},
                          std::string_view{"wbr"}};
static_assert(std::ranges::is_sorted(kept));

// Dropped with what is inside; of all other unknown elements the content stays: that of a video is what stands for it.
constexpr std::array dropped{
    std::string_view{"base"},     std::string_view{"datalist"}, std::string_view{"embed"},  std::string_view{"frame"},
    std::string_view{"frameset"}, std::string_view{"head"},     std::string_view{"iframe"}, std::string_view{"input"},
    std::string_view{"link"},     std::string_view{"math"},     std::string_view{"meta"},   std::string_view{"noembed"},
    std::string_view{"noframes"}, std::string_view{"script"},   std::string_view{"select"}, std::string_view{"style"},
    std::string_view{"svg"},      std::string_view{"template"}, std::string_view{"title"}};
static_assert(std::ranges::is_sorted(dropped));

constexpr std::array block_like{
    std::string_view{"address"},  std::string_view{"article"},    std::string_view{"aside"},
    std::string_view{"fieldset"}, std::string_view{"figcaption"}, std::string_view{"figure"},
    std::string_view{"footer"},   std::string_view{"form"},       std::string_view{"header"},
    std::string_view{"main"},     std::string_view{"nav"},        std::string_view{"section"}};

constexpr std::string_view box_style = "overflow:auto";  // no style of a stranger's may say so: see css.cpp

bool has(const auto& sorted, std::string_view tag) { return std::ranges::binary_search(sorted, tag); }
bool is_void(std::string_view tag) {
  return tag == "br" || tag == "hr" || tag == "img" || tag == "col" || tag == "wbr";
}

constexpr int length_most = 1200;  // px, as in a style

std::string safe_length(std::string_view value) {  // "600", "100%"
  auto text = trim(value);
  auto percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  if (text.ends_with("px")) text.remove_suffix(2);
  if (text.empty() || text.size() > 4 || !std::ranges::all_of(text, is_digit)) return {};
  if (std::stoi(std::string(text)) > (percent ? 100 : length_most)) return {};
  return std::string(text) + (percent ? "%" : "");
}

std::string safe_count(std::string_view value, std::size_t digits) {
  auto text = trim(value);
  return !text.empty() && text.size() <= digits && std::ranges::all_of(text, is_digit) ? std::string(text)
                                                                                       : std::string{};
}

std::string safe_word(std::string_view value) {
  auto text = to_lower(trim(value));
  auto fits = text.size() <= 16 && std::ranges::all_of(text, [](char c) { return is_letter(c) || c == '-'; });
  return fits ? text : std::string{};
}

std::string safe_font_face(std::string_view value) {
  auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == ' ' || c == ',' || c == '-' || c == '_'; };
  auto text = trim(value);
  return text.size() <= 100 && std::ranges::all_of(text, fits) ? std::string(text) : std::string{};
}

std::string safe_font_size(std::string_view value) {
  auto text = trim(value);
  auto digits = text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
  return digits.size() == 1 && digits[0] >= '1' && digits[0] <= '7' ? std::string(text) : std::string{};
}

class Sanitiser {
 public:
  explicit Sanitiser(const SanitiseOptions& options) : options_(options) {}

  std::string run(HtmlNode root) {
    if (auto box = find_box(root))
      visit_children(*box, 0);
    else
      visit(root, 0);
    return writer_.take();
  }

 private:
  // The box around all that there is, when this was sanitised before.
  static std::optional<HtmlNode> find_box(HtmlNode root) {
    for (std::size_t i = 0; i < root.child_count(); ++i) {
      auto body = root.child(i);
      if (!is_element(body, "body") || body.child_count() != 1) continue;
      auto only = body.child(0);
      if (is_element(only, "div") && only.attribute("style") == box_style) return only;
    }
    return {};
  }

  void visit(HtmlNode node, std::size_t depth) {
    if (node.kind() == HtmlNode::Kind::text) return writer_.add_text(node.text());
    if (node.kind() != HtmlNode::Kind::element || depth > max_tree_depth) return;
    if (node.is_foreign() || node.is_template()) return;
    auto tag = std::string_view(output_tag(node));
    const bool is_known = has(kept, tag);
    if (!is_known && has(dropped, node.tag())) return;
    auto keep = is_known && writer_.may_open(tag);
    if (!keep && tag == "p") keep = writer_.may_open(tag = "span");
    if (!keep) return visit_children(node, depth);
    if (tag == "p" && holds_block(node, 0)) tag = "div";  // the parser let it in through an element that is left out
    attributes_.clear();
    read_attributes(node, tag);
    if (is_void(tag)) return writer_.add_void(tag, attributes_);
    writer_.open(tag, attributes_);
    visit_children(node, depth);
    writer_.close();
  }

  static bool is_element(HtmlNode node, std::string_view tag) {
    return node.kind() == HtmlNode::Kind::element && node.tag() == tag;
  }

  static std::string_view output_tag(HtmlNode node) {
    auto tag = node.tag();
    if (tag == "xmp" || tag == "listing" || tag == "plaintext") return "pre";
    if (std::ranges::find(block_like, tag) != block_like.end()) return "div";
    return tag;
  }

  void visit_children(HtmlNode node, std::size_t depth) {
    for (std::size_t i = 0; i < node.child_count(); ++i) visit(node.child(i), depth + 1);
  }

  // Whether a start tag inside would end the paragraph when read again.
  static bool holds_block(HtmlNode node, std::size_t depth) {
    if (depth > max_tree_depth) return false;
    for (std::size_t i = 0; i < node.child_count(); ++i) {
      auto child = node.child(i);
      if (child.kind() != HtmlNode::Kind::element || child.is_foreign() || child.is_template()) continue;
      auto tag = output_tag(child);
      if (closes_open_paragraph(tag)) return true;
      if (tag == "table" || has(dropped, child.tag())) continue;
      if (holds_block(child, depth + 1)) return true;
    }
    return false;
  }

  void add(std::string_view name, std::string value) {
    if (!value.empty()) attributes_.push_back({name, std::move(value)});
  }

  void read_attributes(HtmlNode node, std::string_view tag) {
    if (tag == "a") read_link(node);
    if (tag == "img") read_image(node);
    if (tag == "font") {
      add("color", safe_color(node.attribute("color")));
      add("face", safe_font_face(node.attribute("face")));
      add("size", safe_font_size(node.attribute("size")));
    }
    if (tag == "table") {
      for (auto name : {"border", "cellpadding", "cellspacing"}) add(name, safe_count(node.attribute(name), 2));
    }
    if (tag == "td" || tag == "th") {
      for (auto name : {"colspan", "rowspan"}) add(name, safe_count(node.attribute(name), 3));
    }
    if (tag == "col" || tag == "colgroup") add("span", safe_count(node.attribute("span"), 3));
    if (tag == "ol") add("start", safe_count(node.attribute("start"), 6));
    if (tag == "blockquote" && same_letters(node.attribute("type"), "cite")) add("type", "cite");
    if (tag == "ol" || tag == "ul" || tag == "li") read_list_type(node);
    read_common(node, tag);
  }

  void read_list_type(HtmlNode node) {
    auto type = trim(node.attribute("type"));
    for (auto known : {"1", "a", "A", "i", "I", "disc", "circle", "square"})
      if (type == known) add("type", known);
  }

  void read_common(HtmlNode node, std::string_view tag) {
    auto table = tag == "table" || tag == "td" || tag == "th" || tag == "tr" || tag == "tbody" || tag == "thead" ||
                 tag == "tfoot" || tag == "col" || tag == "colgroup" || tag == "caption";
    if (table || tag == "img" || tag == "hr") {
      add("width", safe_length(node.attribute("width")));
      add("height", safe_length(node.attribute("height")));
    }
    if (table) {
      add("bgcolor", safe_color(node.attribute("bgcolor")));
      add("valign", safe_word(node.attribute("valign")));
    }
    if (table || tag == "div" || tag == "p" || tag == "img" || tag == "hr" || tag[0] == 'h')
      add("align", safe_word(node.attribute("align")));
    auto direction = to_lower(trim(node.attribute("dir")));
    if (direction == "rtl" || direction == "ltr" || direction == "auto") add("dir", direction);
    add("lang", safe_word(node.attribute("lang")));
    if (options_.keep_styles) add("style", safe_style(node.attribute("style")));
  }

  void read_link(HtmlNode node) {
    auto url = safe_link(node.attribute("href"));
    if (url.empty()) return;
    add("href", std::move(url));
    add("rel", "noopener noreferrer nofollow");
    add("target", "_blank");
  }

  // data-remote-src and data-cid are read too, so that what was sanitised once stays as it is.
  void read_image(HtmlNode node) {
    auto source = node.attribute("src");
    auto remote = safe_remote_image(source.empty() ? node.attribute("data-remote-src") : source);
    auto id = source.empty() ? std::string(node.attribute("data-cid")) : image_content_id(source);
    if (!remote.empty()) {
      if (options_.keep_remote_images) add("data-remote-src", std::move(remote));
    } else if (id.size() <= max_url_bytes) {
      add("data-cid", image_content_id("cid:" + id));
    }
    add("alt", std::string(truncate_utf8(node.attribute("alt"), max_url_bytes)));
  }

  static constexpr std::size_t max_tree_depth = 2 * max_html_depth;

  const SanitiseOptions& options_;
  HtmlWriter writer_;
  std::vector<HtmlAttribute> attributes_;
};

}  // namespace

std::string in_box(std::string safe_html) {
  if (safe_html.empty()) return safe_html;
  return "<div style=\"" + std::string(box_style) + "\">" + std::move(safe_html) + "</div>";
}

std::string with_image_addresses(std::string_view html) {
  constexpr std::string_view remote = "data-remote-src=\"", attached = "data-cid=\"";  // no text holds such a quote
  std::string out;
  for (auto at = html.find(" data-"); at != std::string_view::npos; at = html.find(" data-")) {
    out += html.substr(0, at + 1);
    html.remove_prefix(at + 1);
    auto is_remote = html.starts_with(remote);
    if (!is_remote && !html.starts_with(attached)) continue;
    out += is_remote ? "src=\"" : "src=\"cid:";
    html.remove_prefix((is_remote ? remote : attached).size());
  }
  return out.append(html);
}

std::string escape_html_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto end = text.find('\n');
    append_escaped(out, text.substr(0, end));
    if (end == std::string_view::npos) break;
    out += "<br>";
    text.remove_prefix(end + 1);
  }
  return out.erase(0, out.find_first_not_of(" \t"));  // which every parser does, before the body begins
}

std::string sanitise_html(const HtmlDocument& document, const SanitiseOptions& options) {
  return Sanitiser(options).run(document.root());
}

std::string sanitise_html(std::string_view html, const SanitiseOptions& options) {
  HtmlDocument document(html);
  return document.is_parsed() ? sanitise_html(document, options) : escape_html_text(html);
}

}  // namespace answerable::mail
