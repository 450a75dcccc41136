#include "mail/html_document.h"

#include <gumbo.h>

#include "mail/html_arena.h"
#include "mail/limits.h"
#include "mail/orderly_html.h"

namespace answerable::mail {

namespace {

const GumboVector& children_of(const GumboNode* node) { return node->v.element.children; }

}  // namespace

HtmlDocument::HtmlDocument(std::string_view html) {
  if (html.size() > max_html_bytes) return;
  arena_ = std::make_unique<HtmlArena>();
  if (setjmp(arena_->out) != 0) {
    root_ = nullptr;
    return;
  }
  root_ = read_orderly_html(html, *arena_);
  if (root_ != nullptr) return;
  arena_->reset();
  if (!is_shallow_html(html)) return;
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = [](void* arena, size_t bytes) { return static_cast<HtmlArena*>(arena)->allocate(bytes); };
  options.deallocator = [](void*, void*) {};
  options.userdata = arena_.get();
  options.max_errors = 0;
  root_ = gumbo_parse_with_options(&options, html.data(), html.size())->root;
}

HtmlDocument::~HtmlDocument() = default;

std::size_t HtmlDocument::memory_bytes() const { return root_ == nullptr ? 0 : arena_->used(); }

HtmlNode HtmlDocument::root() const { return HtmlNode(root_); }

HtmlNode::Kind HtmlNode::kind() const {
  switch (node_->type) {
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE: return Kind::element;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA: return Kind::text;
    default: return Kind::other;
  }
}

std::string_view HtmlNode::text() const { return node_->v.text.text; }

std::string_view HtmlNode::tag() const {
  if (is_foreign() || node_->v.element.tag == GUMBO_TAG_UNKNOWN) return {};
  return gumbo_normalized_tagname(node_->v.element.tag);
}

bool HtmlNode::is_foreign() const { return node_->v.element.tag_namespace != GUMBO_NAMESPACE_HTML; }
bool HtmlNode::is_template() const { return node_->type == GUMBO_NODE_TEMPLATE; }

std::size_t HtmlNode::child_count() const { return children_of(node_).length; }

HtmlNode HtmlNode::child(std::size_t index) const {
  return HtmlNode(static_cast<const GumboNode*>(children_of(node_).data[index]));
}

std::string_view HtmlNode::attribute(const char* name) const {
  const auto* found = gumbo_get_attribute(&node_->v.element.attributes, name);
  return found == nullptr ? std::string_view{} : std::string_view(found->value);
}

bool HtmlNode::has_attribute(const char* name) const {
  return gumbo_get_attribute(&node_->v.element.attributes, name) != nullptr;
}

}  // namespace answerable::mail
