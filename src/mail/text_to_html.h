// The HTML part of a mail that somebody wrote as plain text: paragraphs, line ends, quoted lines (">") as blockquotes,
// links of http, https and mailto; everything else stays text. What it makes is a fixed point of sanitise_html(), but
// for pictures, which come from the mail itself (cid:). Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace answerable::mail {

// A picture that came with the text: it is shown where the text says "[name]".
struct TextImage {
  std::string name;        // not empty
  std::string content_id;  // without <>
};

// Empty when the text is blank, or longer than max_text_to_html_bytes: then plain text says all that is to be said.
std::string text_to_html(std::string_view text, std::span<const TextImage> images = {});

}  // namespace answerable::mail
