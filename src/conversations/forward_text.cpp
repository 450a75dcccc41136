#include "conversations/forward_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html_escape.h"
#include "base/utf8.h"
#include "conversations/conversation.h"
#include "conversations/forward_words.h"

namespace answerable::conversations {
namespace {

// "2023-11-14 22:13 UTC"
std::string in_minutes(Time time) {
  auto text = to_rfc3339(time);
  return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::string sender_of(const Message& message) {
  const auto name = one_line(message.author.name, 200);
  if (message.from_address.empty() || name == message.from_address) return name;
  return name + " <" + message.from_address + ">";
}

// What we wrote has no language of its own: the last that the customer's side wrote has.
const ForwardWords& words_for(const std::vector<Message>& messages) {
  const auto told =
      std::find_if(messages.rbegin(), messages.rend(), [](const Message& m) { return !m.language.empty(); });
  return forward_words(told == messages.rend() ? std::string_view() : told->language);
}

std::string head_of(const Message& message, const ForwardWords& words) {
  auto head = fmt::format("---------- {} ----------\n", words.above);
  head += fmt::format("{}: {}\n{}: {}\n", words.from, sender_of(message), words.date, in_minutes(message.sent_at));
  if (!message.subject.empty())
    head += fmt::format("{}: {}\n", words.subject, one_line(message.subject, subject_max_bytes));
  return head;
}

const std::string& text_of(const Message& message, bool with_quotes) {
  return with_quotes ? message.text : message.reply_text;
}

std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; });
  return text;
}

// A page shows what was folded too.
bool is_page_passed_on(const Message& message, bool with_quotes) {
  if (message.html.empty()) return false;
  return with_quotes || without_blanks(message.text) == without_blanks(message.reply_text);
}

std::string lines_of(std::string_view text) {
  std::string html = "<div>";
  for (const char c : text) {
    if (c == '\n')
      html += "<br>";
    else
      append_html_escaped(html, std::string_view(&c, 1));
  }
  return html + "</div>";
}

std::string cid_attribute(std::string_view id) {
  std::string attribute = " data-cid=\"";
  append_html_escaped(attribute, id);
  return attribute + '"';
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (auto at = text.find(from); at != std::string_view::npos; at = text.find(from)) {
    out.append(text.substr(0, at)).append(to);
    text.remove_prefix(at + from.size());
  }
  return out.append(text);
}

// The pictures get ids of their own, in `placed`: those of two messages may be the same.
std::string page_of(const Message& message, const std::vector<Attachment>& files, std::vector<Attachment>& placed) {
  auto page = message.html;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].message != message.id || files[i].content_id.empty()) continue;
    const auto was = cid_attribute(files[i].content_id);
    placed[i].is_inline = page.contains(was);
    if (!placed[i].is_inline) continue;
    placed[i].content_id = files[i].id.text() + "@forwarded";
    page = replaced(page, was, cid_attribute(placed[i].content_id));
  }
  return page;
}

}  // namespace

std::string forwarded_text(const std::vector<Message>& messages, bool with_quotes) {
  const auto& words = words_for(messages);
  std::string text;
  for (const auto& message : messages) {
    if (!text.empty()) text += "\n\n";
    text += head_of(message, words) + "\n" + text_of(message, with_quotes);
  }
  return text;
}

ForwardedHtml forwarded_html(std::string_view comment, const std::vector<Message>& messages, bool with_quotes,
                             std::vector<Attachment> files) {
  auto is_passed_on = [&](const Message& message) { return is_page_passed_on(message, with_quotes); };
  if (std::ranges::none_of(messages, is_passed_on)) return {.html = {}, .files = std::move(files)};
  const auto& words = words_for(messages);
  auto placed = files;
  for (auto& file : placed) file.is_inline = false, file.content_id.clear();
  auto html = comment.empty() ? std::string() : lines_of(comment) + "<br>";
  for (const auto& message : messages) {
    html += lines_of(head_of(message, words)) + "<br>";
    html += is_passed_on(message) ? page_of(message, files, placed) : lines_of(text_of(message, with_quotes));
    html += "<br>";
    if (html.size() > message_text_max_bytes) return {.html = {}, .files = std::move(files)};
  }
  return {.html = std::move(html), .files = std::move(placed)};
}

}  // namespace answerable::conversations
