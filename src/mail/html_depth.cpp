#include <array>
#include <vector>

#include "mail/ascii.h"
#include "mail/html_document.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

constexpr std::array never_stacking{
    std::string_view{"br"},   std::string_view{"img"},   std::string_view{"hr"},    std::string_view{"meta"},
    std::string_view{"link"}, std::string_view{"input"}, std::string_view{"col"},   std::string_view{"area"},
    std::string_view{"base"}, std::string_view{"wbr"},   std::string_view{"embed"}, std::string_view{"source"},
    std::string_view{"p"},    std::string_view{"html"},  std::string_view{"body"},  std::string_view{"head"}};

bool is_one_of(std::string_view tag, const auto& names) {
  for (auto name : names)  // asked of each tag: most fail by their length or first letter, without a call
    if (tag.size() == name.size() && lower(tag[0]) == name[0] && same_letters(tag, name)) return true;
  return false;
}

bool never_stacks(std::string_view tag) { return is_one_of(tag, never_stacking); }

// Elements whose start tag ends an open one of the same kind.
constexpr std::array closing_their_like{
    std::string_view{"li"},    std::string_view{"td"},   std::string_view{"th"},     std::string_view{"tr"},
    std::string_view{"dt"},    std::string_view{"dd"},   std::string_view{"option"}, std::string_view{"tbody"},
    std::string_view{"thead"}, std::string_view{"tfoot"}};

bool closes_its_like(std::string_view tag) { return is_one_of(tag, closing_their_like); }

class DepthScan {
 public:
  explicit DepthScan(std::string_view html) : html_(html) {}

  bool is_shallow() {
    for (auto at = html_.find('<'); at != std::string_view::npos; at = html_.find('<', at)) {
      ++at;
      if (at >= html_.size()) break;
      if (html_.substr(at).starts_with("!--"))
        at = after_comment(at + 3);
      else if (is_letter(html_[at]))
        at = start_tag(at);
      else if (html_[at] == '/')
        at = end_tag(at + 1);
      if (open_.size() > max_html_depth || attributes_ > max_html_attributes) return false;
      if (at >= html_.size()) break;
    }
    return true;
  }

 private:
  std::size_t after_comment(std::size_t at) const {
    auto end = html_.find("-->", at > 2 ? at - 2 : at);
    return end == std::string_view::npos ? html_.size() : end + 3;
  }

  std::size_t name_end(std::size_t at) const {
    while (at < html_.size() && !is_space(html_[at]) && html_[at] != '>' && html_[at] != '/') ++at;
    return at;
  }

  std::size_t start_tag(std::size_t at) {
    auto end = name_end(at);
    auto tag = html_.substr(at, end - at);
    if (!never_stacks(tag)) {
      if (closes_its_like(tag)) pop_to(tag, 4);
      open_.push_back(tag);
    }
    return skip_attributes(end);
  }

  std::size_t end_tag(std::size_t at) {
    auto end = name_end(at);
    pop_to(html_.substr(at, end - at), 32);  // further out nobody closes in good faith
    return skip_attributes(end);
  }

  void pop_to(std::string_view tag, std::size_t reach) {
    for (std::size_t back = 1; back <= open_.size() && back <= reach; ++back)
      if (same_letters(open_[open_.size() - back], tag)) return open_.resize(open_.size() - back);
  }

  // Past the > of a tag, by the states of the HTML tokenizer: a quote counts only at the start of a value.
  std::size_t skip_attributes(std::size_t at) {
    attributes_ = 0;
    bool in_name = false, value_next = false, had_name = false;
    for (; at < html_.size(); ++at) {
      auto c = html_[at];
      if (c == '>') return at + 1;
      if (is_space(c)) {
        in_name = false;
        continue;
      }
      if (value_next) {
        at = skip_value(at);
        value_next = had_name = false;
        if (at < html_.size() && html_[at] == '>') return at + 1;
        continue;
      }
      if (c == '=' && had_name) {
        value_next = true;
        in_name = false;
      } else if (c == '/') {
        in_name = had_name = false;
      } else if (!in_name) {
        ++attributes_;
        in_name = had_name = true;
      }
    }
    return at;
  }

  // At the last character of the value, or at the > that ends an unquoted one.
  std::size_t skip_value(std::size_t at) const {
    auto quote = html_[at];
    if (quote == '"' || quote == '\'') return std::min(html_.find(quote, at + 1), html_.size());
    while (at < html_.size() && !is_space(html_[at]) && html_[at] != '>') ++at;
    return at;
  }

  std::string_view html_;
  std::vector<std::string_view> open_;
  std::size_t attributes_ = 0;
};

}  // namespace

bool is_shallow_html(std::string_view html) { return DepthScan(html).is_shallow(); }

}  // namespace answerable::mail
