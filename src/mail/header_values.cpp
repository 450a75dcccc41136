#include "mail/header_values.h"

#include <algorithm>

#include "base/utf8.h"
#include "mail/address.h"
#include "mail/ascii.h"
#include "mail/domain_name.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }

// U+0085, U+2028 and U+2029 end lines for some readers.
bool has_wide_line_end(std::string_view text) {
  for (std::string_view end : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"})
    if (text.find(end) != std::string_view::npos) return true;
  return false;
}

bool is_token(std::string_view text) {
  auto fits = [](char c) {
    return c > 32 && c < 127 && std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
  };
  return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, fits);
}

}  // namespace

Result<HeaderText> HeaderText::make(std::string_view text) {
  if (text.size() > max_built_header_bytes)
    return fail(ErrorKind::limited, "header_too_long",
                "Use a shorter text: at most 2,000 bytes fit into a mail header.");
  if (!is_valid_utf8(text) || std::ranges::any_of(text, is_control) || has_wide_line_end(text))
    return fail(ErrorKind::invalid, "invalid_header_text", "Remove line ends and control characters.");
  return HeaderText(std::string(text));
}

HeaderText HeaderText::clean(std::string_view text) {
  auto valid = to_valid_utf8(text);
  for (std::string_view end : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"})
    for (auto at = valid.find(end); at != std::string::npos; at = valid.find(end)) valid.replace(at, end.size(), " ");
  std::ranges::replace_if(valid, is_control, ' ');
  return HeaderText(std::string(truncate_utf8(trim(valid), max_built_header_bytes)));
}

Result<Mailbox> Mailbox::make(std::string_view name, std::string_view address) {
  TRY(auto shown, HeaderText::make(name));
  TRY(auto normal, wire_address(address));
  return Mailbox(shown.text(), std::move(normal));
}

Result<MessageIdText> MessageIdText::make(std::string_view id) {
  auto fits = [](char c) { return c > 32 && c < 127 && c != '<' && c != '>'; };
  auto at = id.find('@');
  if (id.size() > 250 || at == 0 || at == std::string_view::npos || at + 1 == id.size() ||
      !std::ranges::all_of(id, fits))
    return fail(ErrorKind::invalid, "invalid_message_id", "A message id is left@right, without blanks and brackets.");
  return MessageIdText(std::string(id));
}

Result<ContentType> ContentType::make(std::string_view type) {
  auto slash = type.find('/');
  if (slash == std::string_view::npos || !is_token(type.substr(0, slash)) || !is_token(type.substr(slash + 1)))
    return fail(ErrorKind::invalid, "invalid_content_type", "Give a content type such as image/png.");
  return ContentType(to_lower(type));
}

ContentType ContentType::clean(std::string_view type) {
  auto made = make(type);
  if (!made || made->text().starts_with("multipart/") || made->text().starts_with("message/"))
    return ContentType("application/octet-stream");
  return *std::move(made);
}

}  // namespace answerable::mail
