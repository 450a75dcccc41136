#include "mail/build.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/charset.h"
#include "mail/format_flowed.h"
#include "mail/header_encoding.h"
#include "mail/limits.h"
#include "mail/transfer_encoding.h"

namespace answerable::mail {

namespace {

// A part of the tree: its own fields, and its content.
struct Entity {
  std::string fields;  // Content-Type and so on, each with CRLF
  std::string content;
};

std::string with_unix_lines(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') continue;
    if (text[i] != '\r')
      out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      out += '\n';
  }
  return out;
}

// ASCII in lines that every server takes, and nothing that could be taken for a boundary or is changed on the way. A
// blank at a line's end may be, which in flowed text only breaks a paragraph.
bool fits_7bit(std::string_view text, bool is_flowed) {
  if (!is_ascii(text) || text.find("=_") != std::string_view::npos) return false;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.size() > 200 || line.starts_with("From ") || line == "." || (line.ends_with(' ') && !is_flowed))
      return false;
    if (std::ranges::any_of(line, [](char c) { return c < 32 && c != '\t'; })) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

// Three letters for each byte that quoted-printable must encode, four for any three bytes in base64.
bool is_shorter_in_base64(std::string_view text) {
  const auto is_encoded = [](char c) { return c == '=' || static_cast<unsigned char>(c) >= 127; };
  const auto encoded = static_cast<std::size_t>(std::ranges::count_if(text, is_encoded));
  return text.size() + 2 * encoded > text.size() * 4 / 3 + text.size() / 38;  // CRLF after 76 letters
}

// 7-bit in any case: a signature holds for what was signed, and a server on the way that must make 8-bit text 7-bit
// would break it (RFC 6376 section 5.3).
void encode_text(Entity& entity, std::string_view lines, bool is_flowed) {
  const bool is_plain = fits_7bit(lines, is_flowed);
  const bool is_base64 = !is_plain && is_shorter_in_base64(lines);
  entity.fields += std::string("Content-Transfer-Encoding: ") +
                   (is_plain    ? "7bit"
                    : is_base64 ? "base64"
                                : "quoted-printable") +
                   "\r\n";
  if (is_plain)
    entity.content = with_crlf(lines);
  else
    entity.content = is_base64 ? encode_base64_lines(with_crlf(lines)) : encode_quoted_printable(lines);
}

Entity text_entity(std::string_view subtype, std::string_view text) {
  auto lines = with_unix_lines(text);
  if (!lines.ends_with('\n')) lines += '\n';
  const bool is_flowed = subtype == "plain";
  if (is_flowed) lines = flow(lines);
  Entity entity;
  entity.fields =
      "Content-Type: text/" + std::string(subtype) + "; charset=utf-8" + (is_flowed ? "; format=flowed" : "") + "\r\n";
  encode_text(entity, lines, is_flowed);
  return entity;
}

Entity attachment_entity(const OutgoingAttachment& attachment) {
  auto disposition = attachment.content_id ? "inline" : "attachment";
  Entity entity;
  entity.fields = "Content-Type: " + attachment.type.text() + "\r\nContent-Transfer-Encoding: base64\r\n";
  if (attachment.content_id) entity.fields += id_field("Content-ID", {attachment.content_id->text()});
  if (attachment.filename.text().empty())
    entity.fields += "Content-Disposition: " + std::string(disposition) + "\r\n";
  else
    entity.fields += parameter_field("Content-Disposition", disposition, "filename", attachment.filename.text());
  entity.content = encode_base64_lines(attachment.content);
  return entity;
}

// "=_" can stand neither in quoted-printable nor in base64, nor in what fits_7bit() lets through.
Entity multipart(std::string_view subtype, const std::vector<Entity>& parts, const MessageIdText& seed) {
  auto digest = sha256(std::string(subtype) + "\n" + seed.text());
  auto boundary = "=_" + to_hex(as_bytes(digest)).substr(0, 32);
  Entity entity;
  entity.fields = "Content-Type: multipart/" + std::string(subtype) + ";\r\n boundary=\"" + boundary + "\"\r\n";
  for (const auto& part : parts)
    entity.content += "--" + boundary + "\r\n" + part.fields + "\r\n" + part.content + "\r\n";
  entity.content += "--" + boundary + "--\r\n";
  return entity;
}

Entity body_entity(const OutgoingMessage& message) {
  std::vector<Entity> inside, beside;
  for (const auto& attachment : message.attachments) {
    auto in_html = attachment.content_id && !message.html.empty();
    (in_html ? inside : beside).push_back(attachment_entity(attachment));
  }
  auto body = text_entity("plain", message.text);
  if (!message.html.empty()) {
    auto html = text_entity("html", message.html);
    if (!inside.empty()) {
      inside.insert(inside.begin(), std::move(html));
      html = multipart("related", inside, message.message_id);
    }
    body = multipart("alternative", {body, html}, message.message_id);
  }
  if (beside.empty()) return body;
  beside.insert(beside.begin(), std::move(body));
  return multipart("mixed", beside, message.message_id);
}

// Each once, the one that is answered last, the first and the last ones kept.
std::vector<std::string> trimmed_references(const OutgoingMessage& message) {
  std::vector<std::string> ids;
  auto add = [&](const std::string& id) {
    std::erase(ids, id);
    ids.push_back(id);
  };
  for (const auto& id : message.references) add(id.text());
  if (message.in_reply_to) add(message.in_reply_to->text());
  if (ids.size() > max_built_references)
    ids.erase(ids.begin() + 1, ids.end() - static_cast<std::ptrdiff_t>(max_built_references - 1));
  return ids;
}

std::string header_of(const OutgoingMessage& message) {
  auto header = date_field(message.date) + mailbox_field("From", {message.from});
  if (!message.reply_to.empty()) header += mailbox_field("Reply-To", message.reply_to);
  if (!message.to.empty()) header += mailbox_field("To", message.to);
  if (!message.cc.empty()) header += mailbox_field("Cc", message.cc);
  header += text_field("Subject", message.subject) + id_field("Message-ID", {message.message_id.text()});
  if (message.in_reply_to) header += id_field("In-Reply-To", {message.in_reply_to->text()});
  if (auto references = trimmed_references(message); !references.empty()) header += id_field("References", references);
  if (message.auto_submitted)
    header += std::string("Auto-Submitted: ") + (message.in_reply_to ? "auto-replied" : "auto-generated") +
              "\r\nX-Auto-Response-Suppress: All\r\n";
  return header + "MIME-Version: 1.0\r\n";
}

}  // namespace

Result<std::string> build_message(const OutgoingMessage& message) {
  auto recipients = message.to.size() + message.cc.size();
  if (recipients == 0) return fail(ErrorKind::invalid, "no_recipient", "Name at least one recipient.");
  if (recipients > max_built_recipients || message.reply_to.size() > max_built_recipients)
    return fail(ErrorKind::limited, "too_many_recipients", "Name at most 100 recipients.");
  if (!is_valid_utf8(message.text) || !is_valid_utf8(message.html))
    return fail(ErrorKind::invalid, "invalid_text", "The text of the mail must be UTF-8.");
  auto body = body_entity(message);
  return header_of(message) + body.fields + "\r\n" + body.content;
}

std::vector<std::string> envelope_recipients(const OutgoingMessage& message) {
  std::vector<std::string> recipients;
  for (const auto* list : {&message.to, &message.cc})
    for (const auto& mailbox : *list) {
      auto same = [&](const std::string& known) { return address_key(known) == address_key(mailbox.address()); };
      if (std::ranges::none_of(recipients, same)) recipients.push_back(mailbox.address());
    }
  return recipients;
}

}  // namespace answerable::mail
