// Makes strangers' HTML harmless: parsed as HTML5, and written anew from an allow-list of elements, attributes, URL
// schemes and style declarations, everything escaped. No script, form, frame, SVG, MathML, object, style sheet, id,
// name or class survives. A remote image becomes data-remote-src (loaded only on request), an attached one data-cid.
// The result is a fragment for the inside of a body, valid UTF-8, and a fixed point: sanitising it again changes
// nothing, also when it stood in its box. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "mail/html_document.h"

namespace answerable::mail {

struct SanitiseOptions {
  bool keep_styles = true;         // the style attribute, filtered
  bool keep_remote_images = true;  // as data-remote-src; false drops the address
};

std::string sanitise_html(std::string_view html, const SanitiseOptions& options = {});
std::string sanitise_html(const HtmlDocument& document, const SanitiseOptions& options = {});  // requires is_parsed()

// The same in a box of its own, which holds floats and scrolls or cuts what would be drawn beside it: wide tables,
// endless words, heaps of accents. So it harms no page that it stands in, whoever made the page. Empty stays empty.
std::string in_box(std::string safe_html);

// What was sanitised, for a mail that leaves: its pictures have their addresses again, where they came with the mail
// (cid:) and elsewhere. What is shown to our own people stays without.
std::string with_image_addresses(std::string_view safe_html);

// Text for HTML: escaped, line ends as <br>. What is shown of a document that cannot be parsed within bounds.
std::string escape_html_text(std::string_view text);

}  // namespace answerable::mail
