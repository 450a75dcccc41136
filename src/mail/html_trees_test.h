// Two readers of HTML side by side: whatever orderly_html.h reads, gumbo reads in the same way.
#pragma once

#include <gumbo.h>

#include <csetjmp>
#include <optional>
#include <string>
#include <string_view>

#include "mail/html_arena.h"
#include "mail/orderly_html.h"

namespace answerable::mail {

inline void describe_tree(const GumboNode* node, std::string& out) {
  if (node->type == GUMBO_NODE_COMMENT) {
    out += "<!>";
    return;
  }
  if (node->type != GUMBO_NODE_ELEMENT) {
    if (out.ends_with('"'))
      out.pop_back();  // two texts in a row are one text to whoever reads the tree
    else
      out += '"';
    out.append(node->v.text.text) += '"';
    return;
  }
  const auto& element = node->v.element;
  out.append("(") += gumbo_normalized_tagname(element.tag);
  if (element.tag_namespace != GUMBO_NAMESPACE_HTML) out += " foreign";
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
    out.append(" ").append(attribute->name).append("=[").append(attribute->value) += ']';
  }
  out += ':';
  for (unsigned i = 0; i < element.children.length; ++i)
    describe_tree(static_cast<const GumboNode*>(element.children.data[i]), out);
  out += ')';
}

inline std::string tree_of_gumbo(std::string_view html) {
  std::string out;
  auto* output = gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size());
  describe_tree(output->root, out);
  gumbo_destroy_output(&kGumboDefaultOptions, output);
  return out;
}

// Nothing when it is left to gumbo.
inline std::optional<std::string> tree_of_orderly(std::string_view html) {
  HtmlArena arena;
  if (setjmp(arena.out) != 0) return {};
  const auto* root = read_orderly_html(html, arena);
  if (root == nullptr) return {};
  std::string out;
  describe_tree(root, out);
  return out;
}

}  // namespace answerable::mail
