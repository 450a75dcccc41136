// Writes a fragment of HTML so that every HTML5 parser reads back the elements that were written, in the same tree: an
// element that a parser would move, split or close early is left out (its content stays). One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::mail {

struct HtmlAttribute {
  std::string_view name;
  std::string value;
};

class HtmlWriter {
 public:
  // Whether `tag` may stand here. `tag` must be of the allow-list of sanitise.cpp and live as long as the writer.
  bool may_open(std::string_view tag) const;
  void open(std::string_view tag, const std::vector<HtmlAttribute>& attributes);
  void close();                                                                       // the innermost open element
  void add_void(std::string_view tag, const std::vector<HtmlAttribute>& attributes);  // br, hr, img, col, wbr
  void add_text(std::string_view text);
  std::string take() { return std::move(out_); }

 private:
  bool is_open_in_scope(std::string_view tag) const;
  std::string_view innermost() const { return open_.empty() ? std::string_view{} : open_.back(); }
  void write_tag(std::string_view tag, const std::vector<HtmlAttribute>& attributes);

  std::string out_;
  std::vector<std::string_view> open_;
  bool after_pre_ = false;  // a line end here would be dropped by the parser
};

// Whether the start tag ends an open p (HTML standard, "in body").
bool closes_open_paragraph(std::string_view tag);

// Appends text with & < > " ' escaped and control characters left out.
void append_escaped(std::string& out, std::string_view text);

}  // namespace answerable::mail
