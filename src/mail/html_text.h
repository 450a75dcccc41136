// The readable text of an HTML document: blocks as lines, links with their address, nothing that a reader does not see.
// Quoted mail that the sender's client marked in its HTML keeps its mark. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mail/html_document.h"

namespace answerable::mail {

enum class LineMark : std::uint8_t {
  none,
  attribution,  // "On … wrote:", as the client marked it
  signature,    // marked as such by the client
  earlier,      // the first line of an earlier mail that goes on to the end (Outlook)
};

struct TextLine {
  std::string text;
  unsigned quote_depth = 0;
  bool is_set_off = false;  // in a blockquote that may quote a mail or only indent
  LineMark mark = LineMark::none;
};

std::vector<TextLine> html_to_lines(const HtmlDocument& document);  // requires is_parsed()

// Lines joined with \n, quoted ones after "> " as in plain mail.
std::string join_lines(const std::vector<TextLine>& lines);

}  // namespace answerable::mail
