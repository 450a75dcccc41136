#include "mail/body.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/format_flowed.h"
#include "mail/html_charset.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

std::string with_unix_lines(std::string text) {
  if (text.find('\r') == std::string::npos) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      out += '\n';
  }
  return out;
}

std::string safe_filename(std::string_view name) {
  auto slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos && slash + 1 < name.size()) name.remove_prefix(slash + 1);
  std::string out;
  for (char c : trim(name))
    if (static_cast<unsigned char>(c) >= 32 && c != 127) out += c;
  return std::string(truncate_utf8(out, max_filename_bytes));
}

class BodyReader {
 public:
  explicit BodyReader(const ParseOptions& options) : options_(options) {}

  void read(const MimeNode& node) {
    if (node.is_multipart() && !node.children.empty()) return read_multipart(node);
    if (node.is_multipart()) return read_text(node, false);  // an empty one
    if (is_body(node)) return read_text(node, node.type == "text/html");
    attach(node);
  }

  Body body;

 private:
  void read_multipart(const MimeNode& node) {
    if (node.type == "multipart/alternative") return read_alternatives(node);
    if (node.type == "multipart/related" || node.type == "multipart/signed") return read_first(node);
    if (node.type == "multipart/report" && (node.report_type.empty() || node.report_type == "delivery-status"))
      body.is_delivery_report = true;
    if (node.type == "multipart/report") body.is_machine_report = true;
    for (const auto& child : node.children) read(child);
  }

  // All of them are readings of one text.
  void read_alternatives(const MimeNode& node) {
    auto outer = alternative_;
    if (!outer) {
      body.blocks.emplace_back();
      alternative_ = true;
    }
    for (const auto& child : node.children) read(child);
    alternative_ = outer;
  }

  // The root of a multipart/related, or what was signed; the rest hangs on it.
  void read_first(const MimeNode& node) {
    auto first = true;
    for (const auto& child : node.children) {
      auto text_root = first || (!found_html_ && child.type == "text/html" && node.type == "multipart/related");
      if (text_root)
        read(child);
      else if (child.is_multipart() && !child.children.empty())
        read(child);
      else
        attach(child);
      first = false;
    }
  }

  bool is_body(const MimeNode& node) const {
    if (!node.type.starts_with("text/")) return false;
    auto html = node.type == "text/html";
    if (!html && node.type != "text/plain" && node.type != "text/enriched" && node.type != "text/richtext")
      return false;
    if (node.disposition == "attachment") return false;
    if (alternative_) return true;
    return node.filename.empty() || body.blocks.empty();
  }

  std::string decode(const MimeNode& node, bool html) {
    auto transferred = decode_transfer(content_of(node), node.encoding);
    if (transferred.damaged) body.defects.emplace_back("damaged_encoding");
    auto charset = node.charset;
    if (html && charset.empty()) charset = declared_html_charset(transferred.bytes);
    auto decoded = decode_charset(transferred.bytes, charset);
    if (decoded.damaged) body.defects.emplace_back("charset_mismatch");
    return std::move(decoded.text);
  }

  static std::string_view content_of(const MimeNode& node) {
    return node.owned.empty() ? node.raw : std::string_view(node.owned);
  }

  void read_text(const MimeNode& node, bool html) {
    auto text = with_unix_lines(decode(node, html));
    if (node.flowed && !html) text = unflow(text, node.delete_space);
    if (bytes_of_text_ + text.size() > max_body_bytes) {
      text.resize(truncate_utf8(text, max_body_bytes - std::min(bytes_of_text_, max_body_bytes)).size());
      body.defects.emplace_back("body_too_large");
      attach(node);  // the whole of it stays within reach
    }
    bytes_of_text_ += text.size();
    found_html_ = found_html_ || html;
    if (!alternative_ || (html ? body.blocks.back().has_html : body.blocks.back().has_plain))
      body.blocks.emplace_back();
    auto& block = body.blocks.back();
    (html ? block.html : block.plain) = std::move(text);
    (html ? block.has_html : block.has_plain) = true;
  }

  void attach(const MimeNode& node) {
    note_report(node);
    if (body.attachments.size() >= max_attachments) return body.defects.emplace_back("too_many_attachments"), void();
    auto raw = content_of(node);
    if (decoded_bytes_ + raw.size() > max_decoded_bytes) return body.defects.emplace_back("too_much_content"), void();
    auto decoded = decode_transfer(raw, node.encoding);
    if (decoded.damaged) body.defects.emplace_back("damaged_encoding");
    decoded_bytes_ += decoded.bytes.size();
    Attachment attachment{.filename = safe_filename(node.filename),
                          .content_type = node.type,
                          .size = decoded.bytes.size(),
                          .content_id = node.content_id};
    attachment.sha256 = to_hex(as_bytes(sha256(decoded.bytes)));
    attachment.disposition = node.disposition == "inline" || (node.disposition.empty() && !node.content_id.empty())
                                 ? "inline"
                                 : "attachment";
    if (options_.attachment_content) attachment.content = std::move(decoded.bytes);
    body.attachments.push_back(std::move(attachment));
  }

  void note_report(const MimeNode& node) {
    if (node.type == "message/feedback-report") body.is_feedback = true;
    if (node.type == "message/delivery-status" && body.delivery_status.empty())
      body.delivery_status = decode_charset(decode_transfer(content_of(node), node.encoding).bytes, "").text;
    auto returned = node.type == "message/rfc822" || node.type == "text/rfc822-headers";
    if (!returned || !body.returned_header.empty()) return;
    auto head = content_of(node).substr(0, max_header_bytes);
    body.returned_header = decode_charset(decode_transfer(head, node.encoding).bytes, "").text;
  }

  const ParseOptions& options_;
  bool alternative_ = false, found_html_ = false;
  std::size_t bytes_of_text_ = 0, decoded_bytes_ = 0;
};

}  // namespace

Body read_body(const MimeNode& root, const ParseOptions& options) {
  BodyReader reader(options);
  reader.read(root);
  return std::move(reader.body);
}

}  // namespace answerable::mail
