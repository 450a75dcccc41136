#include "outbox/payload.h"

#include <cstring>

namespace answerable::outbox {
namespace {

// 1 had neither blind copies nor content ids nor a quoted message.
constexpr char first_version = 1, version = 2;

class Writer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  void list(const std::vector<std::string>& values) {
    number(values.size());
    for (const auto& value : values) text(value);
  }
  std::string bytes_{version};
};

// Reads what Writer wrote; after the first thing that does not fit everything reads as empty and `is_good` is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return spoil();
      auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    return spoil();
  }
  std::string text() {
    auto size = number();
    if (size > rest_.size()) size = spoil();
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }
  std::vector<std::string> list() {
    std::vector<std::string> values;
    for (auto left = number(); left > 0 && is_good_; --left) values.push_back(text());
    return values;
  }
  bool is_good_ = true;
  std::string_view rest_;

 private:
  std::uint64_t spoil() {
    is_good_ = false;
    rest_ = {};
    return 0;
  }
};

void write(Writer& out, const OutboundAttachment& attachment) {
  out.text(attachment.filename);
  out.text(attachment.content_type);
  out.number(static_cast<std::uint64_t>(attachment.size));
  out.text(as_bytes(attachment.blob));
}

OutboundAttachment read_attachment(Reader& in) {
  OutboundAttachment attachment;
  attachment.filename = in.text();
  attachment.content_type = in.text();
  attachment.size = static_cast<std::int64_t>(in.number());
  auto blob = in.text();
  if (blob.size() == attachment.blob.size())
    std::memcpy(attachment.blob.data(), blob.data(), blob.size());
  else
    in.is_good_ = false;
  return attachment;
}

void write(Writer& out, const std::optional<QuotedMessage>& quoted) {
  out.number(quoted ? 1 : 0);
  if (!quoted) return;
  out.text(quoted->author_name);
  out.text(quoted->from_address);
  out.number(static_cast<std::uint64_t>(quoted->sent_at.ms));
  out.text(quoted->text);
  out.text(quoted->language);
}

std::optional<QuotedMessage> read_quoted(Reader& in) {
  if (in.number() == 0) return std::nullopt;
  QuotedMessage quoted;
  quoted.author_name = in.text();
  quoted.from_address = in.text();
  quoted.sent_at = Time{static_cast<std::int64_t>(in.number())};
  quoted.text = in.text();
  quoted.language = in.text();
  return quoted;
}

}  // namespace

std::string encode_payload(const OutboundMessage& message) {
  Writer out;
  out.text(message.workspace.bytes());
  out.text(message.channel.bytes());
  out.text(message.conversation.bytes());
  out.text(message.message.bytes());
  out.text(message.author_name);
  out.list(message.to);
  out.list(message.cc);
  out.list(message.bcc);
  out.text(message.recipient_name);
  out.text(message.subject);
  out.text(message.text);
  out.text(message.html);
  out.text(message.in_reply_to);
  out.list(message.references);
  out.number(message.attachments.size());
  for (const auto& attachment : message.attachments) write(out, attachment);
  out.number(message.auto_submitted ? 1 : 0);
  out.number(static_cast<std::uint64_t>(message.created_at.ms));
  for (const auto& attachment : message.attachments) out.text(attachment.content_id);
  write(out, message.quoted);
  return std::move(out.bytes_);
}

Result<OutboundMessage> decode_payload(std::string_view bytes) {
  auto malformed = [] { return fail(ErrorKind::internal, "payload_malformed", "A stored delivery cannot be read."); };
  if (bytes.empty() || bytes.front() < first_version || bytes.front() > version) return malformed();
  Reader in(bytes.substr(1));
  OutboundMessage message;
  message.workspace = WorkspaceId::from_bytes(in.text());
  message.channel = ChannelId::from_bytes(in.text());
  message.conversation = ConversationId::from_bytes(in.text());
  message.message = MessageId::from_bytes(in.text());
  message.author_name = in.text();
  message.to = in.list();
  message.cc = in.list();
  if (bytes.front() != first_version) message.bcc = in.list();
  message.recipient_name = in.text();
  message.subject = in.text();
  message.text = in.text();
  message.html = in.text();
  message.in_reply_to = in.text();
  message.references = in.list();
  for (auto left = in.number(); left > 0 && in.is_good_; --left) message.attachments.push_back(read_attachment(in));
  message.auto_submitted = in.number() != 0;
  message.created_at = Time{static_cast<std::int64_t>(in.number())};
  if (bytes.front() != first_version) {
    for (auto& attachment : message.attachments) attachment.content_id = in.text();
    message.quoted = read_quoted(in);
  }
  if (!in.is_good_ || !in.rest_.empty()) return malformed();
  return message;
}

}  // namespace answerable::outbox
