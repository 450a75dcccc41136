#include "mail/text_to_html.h"

#include <algorithm>

#include "mail/ascii.h"
#include "mail/html_url.h"
#include "mail/html_writer.h"
#include "mail/limits.h"
#include "mail/text_direction.h"

namespace answerable::mail {

namespace {

bool ends_url(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 32 || byte == 127 || c == '<' || c == '>' || c == '"';
}

// The URL at the front without the punctuation of the sentence that it stands in; empty when there is none.
std::string_view url_at_front(std::string_view text) {
  const bool is_web = starts_with_letters(text, "http://") || starts_with_letters(text, "https://");
  if (!is_web && !starts_with_letters(text, "mailto:")) return {};
  auto url = text.substr(0, static_cast<std::size_t>(std::ranges::find_if(text, ends_url) - text.begin()));
  while (std::string_view(".,;:!?'*_)]}").find(url.back()) != std::string_view::npos) {
    const bool closes_own = url.back() == ')' && std::ranges::count(url, '(') >= std::ranges::count(url, ')');
    if (closes_own) break;
    url.remove_suffix(1);
  }
  if (!is_web && url.find('@') == std::string_view::npos) return {};
  return safe_link(url).empty() ? std::string_view() : url;
}

class Writer {
 public:
  explicit Writer(std::span<const TextImage> images) : images_(images) {}
  void line(std::string_view line) {
    const auto depth = take_quote_marks(line);
    if (trim(line).empty()) return close_paragraph();
    if (depth != depth_) set_depth(depth, direction_of(line));
    if (in_paragraph_)
      html_.add_void("br", {});
    else
      html_.open("p", {{"dir", std::string(direction_of(line))}});
    in_paragraph_ = true;
    add_words(line);
  }
  std::string take() {
    set_depth(0, "auto");
    return html_.take();
  }

 private:
  // "> > text": 2, and "text" is left.
  static std::size_t take_quote_marks(std::string_view& line) {
    std::size_t depth = 0;
    while (line.starts_with('>')) {
      line.remove_prefix(line.starts_with("> ") ? 2 : 1);
      ++depth;
    }
    return std::min(depth, max_text_quote_depth);
  }
  void close_paragraph() {
    if (in_paragraph_) html_.close();
    in_paragraph_ = false;
  }
  void set_depth(std::size_t depth, std::string_view direction) {
    close_paragraph();
    for (; depth_ > depth; --depth_) html_.close();
    for (; depth_ < depth; ++depth_) html_.open("blockquote", {{"type", "cite"}, {"dir", std::string(direction)}});
  }
  // Many mail programs know no "auto".
  static std::string_view direction_of(std::string_view line) { return is_right_to_left(line) ? "rtl" : "auto"; }
  void add_words(std::string_view line) {
    for (; line.starts_with(' '); line.remove_prefix(1)) html_.add_text("\xC2\xA0");  // HTML would drop the indent
    std::size_t from = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (const auto* image = image_at(line.substr(at))) {
        html_.add_text(line.substr(from, at - from));
        html_.add_void("img", {{"src", "cid:" + image->content_id}, {"alt", image->name}});
        from = at + image->name.size() + 2;
        at = from - 1;
        continue;
      }
      const bool begins_word = at == 0 || !(is_letter(line[at - 1]) || is_digit(line[at - 1]));
      const bool may_be_link = lower(line[at]) == 'h' || lower(line[at]) == 'm';
      const auto url = begins_word && may_be_link ? url_at_front(line.substr(at)) : std::string_view();
      if (url.empty()) continue;
      html_.add_text(line.substr(from, at - from));
      html_.open("a", {{"href", safe_link(url)}, {"rel", "noopener noreferrer nofollow"}, {"target", "_blank"}});
      html_.add_text(url);
      html_.close();
      from = at + url.size();
      at = from - 1;
    }
    html_.add_text(line.substr(from));
  }

  // The picture whose "[name]" stands at the front.
  const TextImage* image_at(std::string_view text) const {
    if (images_.empty() || !text.starts_with('[')) return nullptr;
    text.remove_prefix(1);
    for (const auto& image : images_)
      if (text.starts_with(image.name) && text.substr(image.name.size()).starts_with(']')) return &image;
    return nullptr;
  }

  std::span<const TextImage> images_;
  HtmlWriter html_;
  std::size_t depth_ = 0;
  bool in_paragraph_ = false;
};

}  // namespace

std::string text_to_html(std::string_view text, std::span<const TextImage> images) {
  if (text.size() > max_text_to_html_bytes || trim(text).empty()) return {};
  Writer writer(images);
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    writer.line(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + (text.substr(end).starts_with("\r\n") ? 2 : 1)));
  }
  return writer.take();
}

}  // namespace answerable::mail
