// An HTML5 document tree, by gumbo or, where that makes no difference, by orderly_html.h. A document is bounded in
// size, depth, memory and processor time, for the parser is quadratic in depth and in attributes; beyond a bound there
// is no tree, and callers show the source as text. One thread uses a document; documents of different threads do not
// meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

struct GumboInternalNode;

namespace answerable::mail {

// A view of one node, valid as long as its document.
class HtmlNode {
 public:
  enum class Kind : std::uint8_t { element, text, other };

  HtmlNode() = default;
  explicit HtmlNode(const GumboInternalNode* node) : node_(node) {}

  Kind kind() const;
  std::string_view text() const;  // of a text node, entities decoded
  std::string_view tag() const;   // lower case; empty for elements that HTML does not know, and for SVG and MathML ones
  bool is_foreign() const;        // SVG or MathML
  bool is_template() const;
  std::size_t child_count() const;
  HtmlNode child(std::size_t index) const;
  std::string_view attribute(const char* name) const;  // empty when absent
  bool has_attribute(const char* name) const;

 private:
  const GumboInternalNode* node_ = nullptr;
};

class HtmlArena;

class HtmlDocument {
 public:
  // `html` must be UTF-8 and outlive the document.
  explicit HtmlDocument(std::string_view html);
  ~HtmlDocument();
  HtmlDocument(const HtmlDocument&) = delete;
  HtmlDocument& operator=(const HtmlDocument&) = delete;

  bool is_parsed() const { return root_ != nullptr; }
  std::size_t memory_bytes() const;  // of the tree; 0 when there is none
  HtmlNode root() const;             // requires is_parsed(): the html element

 private:
  std::unique_ptr<HtmlArena> arena_;
  const GumboInternalNode* root_ = nullptr;
};

// Whether open elements stay within max_html_depth and attributes within bounds. Approximate and linear: it may refuse
// a document that is only badly closed; what it lets through wrongly meets the bounds on memory and time.
bool is_shallow_html(std::string_view html);

}  // namespace answerable::mail
