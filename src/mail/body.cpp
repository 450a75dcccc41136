#include "mail/body.h"

#include <algorithm>
#include <deque>
#include <map>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/calendar_text.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"
#include "mail/file_name.h"
#include "mail/format_flowed.h"
#include "mail/html_charset.h"
#include "mail/inline_files.h"
#include "mail/limits.h"
#include "mail/mac_files.h"
#include "mail/signed_content.h"
#include "mail/tnef.h"

namespace answerable::mail {

namespace {

std::string with_unix_lines(std::string text) {
  auto from = text.find('\r');
  if (from == std::string::npos) return text;
  auto to = from;
  while (from < text.size()) {  // each line is moved up over the returns before it
    if (++from == text.size() || text[from] != '\n') text[to++] = '\n';
    auto end = std::min(text.find('\r', from), text.size());
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(end),
              text.begin() + static_cast<std::ptrdiff_t>(to));
    to += end - from;
    from = end;
  }
  text.resize(to);
  return text;
}

bool is_base64_character(char c) {
  return is_letter(c) || is_digit(c) || c == '+' || c == '/' || c == '=' || is_space(c);
}

// Text that says base64 and is written as it stands.
bool is_not_base64(std::string_view raw, std::string_view decoded) {
  if (is_valid_utf8(decoded)) return false;
  auto strange = std::ranges::count_if(raw, [](char c) { return !is_base64_character(c); });
  return strange * 20 > static_cast<std::ptrdiff_t>(raw.size()) ||
         trim(raw).substr(0, 76).find(' ') != std::string_view::npos;
}

// What a text in base64 was meant to be when it could not be decoded as a whole. List servers append their footer, as
// it stands, to the encoded text.
std::string repair_base64(std::string_view raw, std::string decoded) {
  auto at = std::ranges::find_if_not(raw, [](char c) { return c != ' ' && is_base64_character(c); }) - raw.begin();
  if (at == std::ssize(raw)) return decoded;  // nothing is appended: the end is missing, or its padding
  auto encoded = raw.substr(0, static_cast<std::size_t>(at));
  auto padding = encoded.rfind('=');
  auto end = padding == std::string_view::npos ? encoded.rfind('\n') : padding;
  if (end != std::string_view::npos && end > 0) {
    auto whole = decode_transfer(raw.substr(0, end + 1), TransferEncoding::base64);
    auto rest = raw.substr(end + 1);
    auto is_on_line = padding != std::string_view::npos && rest.starts_with(' ');  // "SGk= garbage"
    if (!whole.damaged)
      return is_on_line ? std::move(whole.bytes) : whole.bytes + "\n" + std::string(trim(rest)) + "\n";
  }
  return is_not_base64(raw, decoded) ? std::string(raw) : decoded;
}

std::string subject_of(std::string_view message) {
  constexpr std::string_view name = "subject:";
  auto head = message.substr(0, max_header_text_bytes);
  while (!head.empty() && head[0] != '\r' && head[0] != '\n') {
    std::string_view field = head;
    do head.remove_prefix(std::min(head.find('\n'), head.size() - 1) + 1);
    while (!head.empty() && is_blank(head[0]));
    field.remove_suffix(head.size());
    if (!starts_with_letters(field, name)) continue;
    auto value = std::string(trim(field.substr(name.size())));
    std::erase_if(value, [](char c) { return c == '\r' || c == '\n'; });
    return decode_header_text(value);
  }
  return {};
}

class BodyReader {
 public:
  BodyReader(const ParseOptions& options, std::string likely_charset)
      : options_(options), likely_charset_(std::move(likely_charset)) {}

  void read(const MimeNode& node) {
    if (node.is_multipart() && !node.children.empty()) return read_multipart(node);
    if (node.is_multipart()) return read_text(node, false);  // an empty one
    if (is_body(node)) return read_text(node, node.type == "text/html");
    attach(node);
  }

  // The text that Outlook hid, or else that of an invitation, stands for a missing one.
  void finish() {
    auto is_blank_block = [](const BodyBlock& block) { return block.html.empty() && trim(block.plain).empty(); };
    if (!std::ranges::all_of(body.blocks, is_blank_block)) return;
    if (hidden_.has_plain || hidden_.has_html)
      body.blocks.push_back(std::move(hidden_));
    else if (!invitation_.empty())
      body.blocks.push_back({.plain = std::move(invitation_), .has_plain = true});
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
    for (const auto& child : node.children) {
      if (!outer) ++reading_;
      read(child);
    }
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
    auto enriched = node.type == "text/enriched" || node.type == "text/richtext";
    if (!html && node.type != "text/plain" && !enriched) return false;
    if (node.disposition == "attachment") return false;
    if (enriched && has_text()) return false;  // its marks show: it is read where nothing else says the same
    if (node.filename.empty()) return true;
    return alternative_ ? plain_reading_ != reading_ && html_reading_ != reading_ : body.blocks.empty();
  }

  bool has_text() const {
    return std::ranges::any_of(body.blocks, [](const BodyBlock& block) { return block.has_plain || block.has_html; });
  }

  // What of a text is decoded: as much as can become a body, unless a file may be in it.
  std::string_view source_of(const MimeNode& node, bool html) {
    auto raw = content_of(node);
    if (raw.size() <= max_body_source_bytes || (!html && may_hold_files(raw))) return raw;
    is_cut_ = true;
    return raw.substr(0, max_body_source_bytes);
  }

  std::string decode(const MimeNode& node, bool html) {
    auto source = source_of(node, html);
    std::string decoded, without_files;
    if (node.encoding != TransferEncoding::identity) source = decoded = undo_encoding(source, node.encoding);
    if (!html && take_files(source, without_files)) source = without_files;
    if (source.size() > max_body_source_bytes) {
      is_cut_ = true;
      source = source.substr(0, max_body_source_bytes);
    }
    auto charset = node.charset;
    if (html && charset.empty()) charset = declared_html_charset(source);
    auto text = charset.empty() ? decode_unlabelled(source, likely_charset_) : decode_charset(source, charset);
    if (text.damaged && !is_cut_) body.defects.emplace_back("charset_mismatch");
    return std::move(text.text);
  }

  std::string undo_encoding(std::string_view source, TransferEncoding encoding) {
    auto decoded = decode_transfer(source, encoding);
    if (!decoded.damaged || is_cut_) return std::move(decoded.bytes);
    body.defects.emplace_back("damaged_encoding");
    if (encoding == TransferEncoding::base64) return repair_base64(source, std::move(decoded.bytes));
    return std::move(decoded.bytes);
  }

  // Whether there were any; then `rest` is the text without them.
  bool take_files(std::string_view text, std::string& rest) {
    auto files = take_inline_files(text, rest);
    for (auto& file : files) {
      if (file.damaged) body.defects.emplace_back("damaged_encoding");
      add_file({.filename = file.name, .content_type = type_by_name(file.name)}, std::move(file.content));
    }
    return !files.empty();
  }

  static std::string_view content_of(const MimeNode& node) {
    return node.owned.empty() ? node.raw : std::string_view(node.owned);
  }

  void read_text(const MimeNode& node, bool html) {
    auto text = with_unix_lines(decode(node, html));
    if (node.flowed && !html) text = unflow(text, node.delete_space);
    if (is_cut_ || bytes_of_text_ + text.size() > max_body_bytes) {
      is_cut_ = false;
      text.resize(truncate_utf8(text, max_body_bytes - std::min(bytes_of_text_, max_body_bytes)).size());
      body.defects.emplace_back("body_too_large");
      text.shrink_to_fit();
      attach(node);  // the whole of it stays within reach
    }
    bytes_of_text_ += text.size();
    found_html_ = found_html_ || html;
    add_text(std::move(text), html);
  }

  // Apple Mail puts files between pieces of one reading: they follow each other in its block. A second block would
  // tell again what the other reading has told.
  void add_text(std::string text, bool html) {
    auto has_form = [&] { return html ? body.blocks.back().has_html : body.blocks.back().has_plain; };
    auto& read_last = html ? html_reading_ : plain_reading_;
    auto goes_on = alternative_ && has_form() && read_last == reading_;
    if (!alternative_ || (has_form() && !goes_on)) body.blocks.emplace_back();
    read_last = reading_;
    auto& block = body.blocks.back();
    auto& form = html ? block.html : block.plain;
    if (goes_on && !html && !form.ends_with('\n')) form += '\n';
    if (goes_on)
      form += text;
    else
      form = std::move(text);
    (html ? block.has_html : block.has_plain) = true;
  }

  void attach(const MimeNode& node) {
    note_report(node);
    auto raw = content_of(node);
    if (decoded_bytes_ + raw.size() > max_decoded_bytes) return body.defects.emplace_back("too_much_content"), void();
    auto decoded = decode_transfer(raw, node.encoding);
    if (decoded.damaged) body.defects.emplace_back("damaged_encoding");
    decoded_bytes_ += decoded.bytes.size();
    open_envelope(node, decoded.bytes);
    auto is_inline = node.disposition == "inline" || (node.disposition.empty() && !node.content_id.empty());
    Attachment file{.filename = node.filename,
                    .content_type = node.type,
                    .disposition = is_inline ? "inline" : "",
                    .content_id = node.content_id};
    take_data_fork(file, decoded.bytes);
    if (safe_filename(file.filename).empty()) file.filename = unlike_others(name_for(node, decoded.bytes));
    add_file(std::move(file), std::move(decoded.bytes));
  }

  // Fills in what follows from the content.
  void add_file(Attachment file, std::string content) {
    if (body.attachments.size() >= max_attachments) return body.defects.emplace_back("too_many_attachments"), void();
    file.filename = safe_filename(to_valid_utf8(file.filename));
    if (file.filename.empty()) file.filename = unlike_others(make_filename({.type = file.content_type}));
    if (file.disposition.empty()) file.disposition = "attachment";
    file.size = content.size();
    file.sha256 = to_hex(as_bytes(sha256(content)));
    if (options_.attachment_content) file.content = std::move(content);
    body.attachments.push_back(std::move(file));
  }

  // A file in the wrapping of an old Macintosh program is the file itself.
  void take_data_fork(Attachment& file, std::string& bytes) {
    auto is_binhex =
        file.content_type.starts_with("application/mac-binhex") || file.content_type == "application/binhex";
    std::optional<MacFile> inner;
    if (is_binhex || file.filename.ends_with(".hqx")) inner = read_binhex(bytes, max_unpacked_bytes);
    if (file.content_type == "application/applefile") inner = read_apple_single(bytes);
    if (!inner) return;
    if (inner->damaged) body.defects.emplace_back("damaged_encoding");
    decoded_bytes_ += inner->content.size();
    bytes = std::move(inner->content);
    if (file.filename.ends_with(".hqx")) file.filename.resize(file.filename.size() - 4);
    if (file.filename.empty()) file.filename = std::move(inner->name);
    file.content_type = type_by_name(file.filename);
  }

  static std::string name_for(const MimeNode& node, std::string_view bytes) {
    auto is_message = node.type == "message/rfc822" || node.type == "message/global";
    return make_filename({.type = node.type,
                          .description = node.description,
                          .location = node.location,
                          .content_id = node.content_id,
                          .subject = is_message ? subject_of(bytes) : ""});
  }

  // A name that was made up is unlike any other of the message.
  std::string unlike_others(const std::string& name) {
    auto is_taken = [&](const std::string& one) {
      return std::ranges::any_of(body.attachments, [&](const Attachment& file) { return file.filename == one; });
    };
    auto& number = numbers_[name];
    auto unlike = name;
    while (is_taken(unlike)) unlike = numbered_filename(name, ++number);
    return unlike;
  }

  // What is inside an attachment that only some programs can open is read as part of the mail; it stays attached too.
  void open_envelope(const MimeNode& node, std::string_view bytes) {
    auto says_tnef = node.type == "application/ms-tnef" || node.type == "application/vnd.ms-tnef" ||
                     same_letters(node.filename, "winmail.dat");
    if (says_tnef) return open_tnef(bytes);
    if (node.type == "text/calendar" || node.type == "application/ics")
      invitation_ = calendar_to_text(decode_charset(bytes.substr(0, max_calendar_bytes), node.charset).text);
    auto is_smime = node.type == "application/pkcs7-mime" || node.type == "application/x-pkcs7-mime";
    if (!is_smime || inner_.size() >= max_signed_layers) return;
    auto content = read_signed_content(bytes);
    if (content.empty()) return;
    auto& kept = inner_.emplace_back(std::move(content));  // the tree points into it
    read(read_mime(kept).root);
  }

  void open_tnef(std::string_view bytes, std::size_t layer = 0) {
    auto tnef = read_tnef(bytes);
    if (!tnef || tnef->damaged) body.defects.emplace_back("damaged_tnef");
    if (!tnef) return;
    for (auto& file : tnef->files) {
      if (layer + 1 < max_tnef_layers && is_tnef(file.content)) open_tnef(file.content, layer + 1);
      add_file({.filename = file.name,
                .content_type = file.type.empty() ? type_by_name(file.name) : to_lower(file.type),
                .content_id = std::move(file.content_id)},
               std::move(file.content));
    }
    if (layer > 0 || hidden_.has_plain || hidden_.has_html) return;
    hidden_ = {.plain = with_unix_lines(std::move(tnef->text)), .html = with_unix_lines(std::move(tnef->html))};
    hidden_.has_plain = !hidden_.plain.empty();
    hidden_.has_html = !hidden_.html.empty();
  }

  void note_report(const MimeNode& node) {
    if (node.type == "message/feedback-report") body.is_feedback = true;
    auto is_status = node.type == "message/delivery-status" || node.type == "message/global-delivery-status";
    if (is_status && body.delivery_status.empty())
      body.delivery_status =
          decode_charset(decode_transfer(content_of(node).substr(0, max_header_bytes), node.encoding).bytes, "").text;
    auto returned = node.type == "message/rfc822" || node.type == "text/rfc822-headers" ||
                    node.type == "message/global" || node.type == "message/global-headers";
    if (!returned || !body.returned_header.empty()) return;
    auto head = content_of(node).substr(0, max_header_bytes);
    body.returned_header = decode_charset(decode_transfer(head, node.encoding).bytes, "").text;
  }

  const ParseOptions& options_;
  std::string likely_charset_;                  // of parts that name none
  BodyBlock hidden_;                            // the text in a winmail.dat
  std::string invitation_;                      // what a calendar says
  std::deque<std::string> inner_;               // what was taken out of signatures
  std::map<std::string, std::size_t> numbers_;  // given last to a name that was made up
  bool alternative_ = false, found_html_ = false;
  std::size_t reading_ = 0, plain_reading_ = 0, html_reading_ = 0;  // alternatives counted; where the forms came from
  bool is_cut_ = false;                                             // the text that is read now was decoded in part
  std::size_t bytes_of_text_ = 0, decoded_bytes_ = 0;
};

}  // namespace

Body read_body(const MimeMessage& mime, const ParseOptions& options) {
  BodyReader reader(options, mime.likely_charset);
  reader.read(mime.root);
  reader.finish();
  return std::move(reader.body);
}

}  // namespace answerable::mail
