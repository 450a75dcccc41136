#include "mail/body_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "mail/html_document.h"
#include "mail/html_text.h"
#include "mail/limits.h"
#include "mail/reply_text.h"
#include "mail/sanitise.h"

namespace answerable::mail {

namespace {

void append_block(std::string& text, std::string_view block) {
  if (!text.empty() && !block.empty() && !text.ends_with('\n')) text += '\n';
  text += block;
}

std::string join_html(const Body& body) {
  std::string html;
  for (const auto& block : body.blocks) {
    if (block.has_html)
      html += block.html;
    else if (block.plain.find_first_not_of(" \t\n") != std::string::npos)
      html += "<div>" + escape_html_text(block.plain) + "</div>";
  }
  return html;
}

std::string text_from_html(std::string_view html) {
  HtmlDocument document(html);
  return document.is_parsed() ? join_lines(html_to_lines(document)) : std::string(html);
}

// The text of all blocks; `lines` when they are the only thing to read. HTML that could not be parsed as a whole is not
// tried again block by block: its source stands for it.
std::string join_text(const Body& body, const std::vector<TextLine>& lines, bool html_is_parsed) {
  std::string text;
  for (const auto& block : body.blocks) {
    if (block.has_plain && !(block.has_html && block.plain.find_first_not_of(" \t\n") == std::string::npos))
      append_block(text, block.plain);
    else if (block.has_html && body.blocks.size() == 1 && !lines.empty())
      append_block(text, join_lines(lines));
    else if (block.has_html)
      append_block(text, html_is_parsed ? text_from_html(block.html) : block.html);
  }
  return text;
}

bool has_html(const Body& body) {
  for (const auto& block : body.blocks)
    if (block.has_html) return true;
  return false;
}

bool is_html_only(const Body& body) {
  for (const auto& block : body.blocks)
    if (block.has_plain && block.plain.find_first_not_of(" \t\n") != std::string::npos) return false;
  return true;
}

// Whether the HTML may mark a quote: what html_to_lines() looks for, seen without a walk through the document.
bool may_mark_quote(std::string_view html) {
  constexpr std::array<std::string_view, 9> marks{"quote",    "QUOTE", "RplyFwdMsg",        "appendonsend", "OLK_SRC",
                                                  "moz-cite", "zwchr", "reference-message", "border-top"};
  return std::ranges::any_of(marks, [&](std::string_view mark) {  // find() stops at every letter that one begins with
    return ::memmem(html.data(), html.size(), mark.data(), mark.size()) != nullptr;
  });
}

// The plain text decides; the marks of the HTML help when the text shows no quote.
std::string choose_reply(const ParsedMessage& message, const HtmlDocument* document, std::vector<TextLine> lines) {
  auto from_text = lines.empty() ? split_reply(message.text) : split_reply(lines);
  auto is_settled = !lines.empty() || document == nullptr || !from_text.quoted.empty();
  if (is_settled || !may_mark_quote(message.html)) return std::move(from_text.visible);
  auto from_html = split_reply(html_to_lines(*document));
  auto found = !from_html.quoted.empty() && !from_html.visible.empty();
  return std::move(found ? from_html.visible : from_text.visible);
}

}  // namespace

void read_body_text(const Body& body, const ParseOptions& options, ParsedMessage& message) {
  std::unique_ptr<HtmlDocument> document;
  std::vector<TextLine> lines;
  auto html_is_parsed = true;
  if (has_html(body)) {
    message.html = join_html(body);
    if (options.html_safe || options.reply_text || is_html_only(body)) {
      document = std::make_unique<HtmlDocument>(message.html);
      if (!document->is_parsed()) {
        document.reset();
        html_is_parsed = false;
        message.defects.emplace_back("html_beyond_limits");
      }
    }
    if (options.html_safe)
      message.html_safe = in_box(document ? sanitise_html(*document) : escape_html_text(message.html));
    if (message.html_safe.size() > max_safe_html_bytes) {  // escaping makes six characters of one
      message.html_safe.clear();
      message.defects.emplace_back("html_beyond_limits");
    }
    if (document && is_html_only(body)) lines = html_to_lines(*document);
    if (!lines.empty()) document.reset();  // a large one takes more memory than all that follows
  }
  message.text = join_text(body, lines, html_is_parsed);
  if (options.reply_text) message.reply_text = choose_reply(message, document.get(), std::move(lines));
}

}  // namespace answerable::mail
