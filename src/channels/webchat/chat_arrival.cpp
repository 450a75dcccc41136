#include "channels/webchat/chat_arrival.h"

#include <boost/json.hpp>
#include <cstring>

#include "base/encoding.h"

namespace answerable::channels::webchat {

namespace json = boost::json;

intake::Arrival chat_arrival(const VisitorSession& visitor, const MessageFrame& frame,
                             const std::vector<StoredFile>& files, Time now) {
  json::array list;
  for (const auto& file : files)
    list.push_back(json::object{{"filename", file.filename},
                                {"content_type", file.content_type},
                                {"size", file.size},
                                {"blob", to_hex(as_bytes(file.blob))}});
  json::object raw{{"visitor", visitor.visitor().text()},
                   {"name", visitor.name()},
                   {"email", visitor.email()},
                   {"verified", visitor.is_verified()},
                   {"client_id", frame.client_id},
                   {"text", frame.text},
                   {"files", std::move(list)}};
  intake::Arrival arrival;
  arrival.workspace = visitor.workspace();
  arrival.channel = visitor.channel();
  arrival.channel_kind = "webchat";
  arrival.envelope_from = visitor.visitor().text();
  arrival.external_key = arrival.envelope_from + "/" + frame.client_id;
  arrival.raw = json::serialize(raw);
  arrival.received_at = now;
  return arrival;
}

Result<intake::InboundMessage> normalise_chat(const intake::Arrival& arrival) {
  auto unreadable = [] {
    return fail(ErrorKind::invalid, "chat_unreadable", "The stored chat message cannot be read.");
  };
  boost::system::error_code failed;
  auto parsed = json::parse(arrival.raw, failed);
  if (failed || !parsed.is_object()) return unreadable();
  const auto& raw = parsed.get_object();
  auto text = [&](const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  intake::InboundMessage message;
  message.from.address = text(raw, "visitor");
  message.from.name = text(raw, "name");
  if (message.from.name.empty()) message.from.name = text(raw, "email");
  const auto* verified = raw.if_contains("verified");
  message.from.is_verified = verified != nullptr && verified->is_bool() && verified->get_bool();
  message.text = message.reply_text = text(raw, "text");
  message.thread_key = message.from.address;
  message.sent_at = arrival.received_at;
  if (message.from.address.empty()) return unreadable();
  const auto* files = raw.if_contains("files");
  if (files == nullptr || !files->is_array()) return message;
  for (const auto& one : files->get_array()) {
    if (!one.is_object()) return unreadable();
    const auto& file = one.get_object();
    auto blob = from_hex(text(file, "blob"));
    const auto* size = file.if_contains("size");
    if (!blob || blob->size() != sizeof(Digest) || size == nullptr || !size->is_int64()) return unreadable();
    intake::InboundAttachment attachment;
    attachment.filename = text(file, "filename");
    attachment.content_type = text(file, "content_type");
    attachment.disposition = "attachment";
    attachment.size = size->get_int64();
    std::memcpy(attachment.stored_blob.emplace().data(), blob->data(), sizeof(Digest));
    message.attachments.push_back(std::move(attachment));
  }
  return message;
}

}  // namespace answerable::channels::webchat
