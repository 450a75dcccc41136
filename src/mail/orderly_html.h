// HTML that closes what it opens, where it has to: the tree that gumbo makes of it, for a tenth of gumbo's work. An
// HTML parser spends its rules on repairing; without anything to repair the tree is what is written. Whatever is not
// known here to be in order is left to gumbo, so that there is nothing to repair twice. Pure.
#pragma once

#include <string_view>

struct GumboInternalNode;

namespace answerable::mail {

class HtmlArena;

// The html element, in the arena's memory; nullptr when gumbo has to read it. `html` outlives the tree.
const GumboInternalNode* read_orderly_html(std::string_view html, HtmlArena& arena);

}  // namespace answerable::mail
