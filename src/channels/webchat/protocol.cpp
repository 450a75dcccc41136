#include "channels/webchat/protocol.h"

#include <algorithm>
#include <boost/json.hpp>

#include "channels/webchat/limits.h"

namespace answerable::channels::webchat {

namespace json = boost::json;

namespace {

std::unexpected<Error> malformed(std::string detail) {
  return fail(ErrorKind::invalid, "frame_malformed", std::move(detail));
}

Result<json::object> parse_object(std::string_view text) {
  boost::system::error_code failed;
  auto parsed = json::parse(text, failed);
  if (failed || !parsed.is_object()) return malformed("A frame is one JSON object.");
  return std::move(parsed.get_object());
}

Result<std::string> read_text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return malformed("\"" + std::string(name) + "\" is missing or no text.");
  std::string text(value->get_string());
  std::erase(text, '\0');
  return text;
}

Result<std::int64_t> read_number(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return 0;
  if (!value->is_int64() || value->get_int64() < 0) return malformed("\"" + std::string(name) + "\" is no number.");
  return value->get_int64();
}

bool is_client_id(std::string_view text) {
  return !text.empty() && text.size() <= client_id_bytes_max && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

Result<std::vector<FileId>> read_files(const json::object& object) {
  std::vector<FileId> files;
  const auto* list = object.if_contains("attachments");
  if (list == nullptr || list->is_null()) return files;
  if (!list->is_array()) return malformed("\"attachments\" is a list of ids.");
  if (list->get_array().size() > files_per_message_max)
    return fail(ErrorKind::invalid, "files_per_message", "A message may have 10 files at most.");
  for (const auto& one : list->get_array()) {
    auto id = one.is_string() ? FileId::parse(std::string_view(one.get_string())) : std::nullopt;
    if (!id) return malformed("\"attachments\" is a list of ids.");
    if (std::ranges::find(files, *id) == files.end()) files.push_back(*id);
  }
  return files;
}

Result<MessageFrame> read_message(const json::object& object, std::string* client_id) {
  MessageFrame frame;
  TRY(frame.client_id, read_text(object, "client_id"));
  if (!is_client_id(frame.client_id)) return fail(ErrorKind::invalid, "client_id", "\"client_id\" is a UUID.");
  if (client_id != nullptr) *client_id = frame.client_id;
  TRY(frame.text, read_text(object, "text"));
  TRY(frame.files, read_files(object));
  if (frame.text.size() > text_bytes_max)
    return fail(ErrorKind::invalid, "message_too_long", "The message is too long: send it in several parts.");
  if (frame.files.empty() && frame.text.find_first_not_of(" \t\r\n") == std::string::npos)
    return fail(ErrorKind::invalid, "message_empty", "There is nothing in the message.");
  return frame;
}

json::object to_json(const ShownMessage& message) {
  json::array files;
  for (const auto& file : message.files)
    files.push_back(
        json::object{{"id", file.id.text()}, {"filename", file.filename}, {"size", file.size}, {"url", file.url}});
  json::object object{{"seq", message.seq},
                      {"direction", message.is_from_visitor ? "in" : "out"},
                      {"text", message.text},
                      {"at", to_rfc3339(message.at)},
                      {"attachments", std::move(files)}};
  if (!message.client_id.empty()) object["client_id"] = message.client_id;
  if (!message.author.empty()) object["author"] = message.author;
  if (message.is_removed) object["removed"] = true;
  return object;
}

json::object to_json(const Transcript& transcript) {
  json::array list;
  for (const auto& message : transcript.messages) list.push_back(to_json(message));
  json::array removed;
  for (const auto seq : transcript.removed) removed.push_back(seq);
  return {{"seq", transcript.seq},
          {"team_seen", transcript.team_seen},
          {"removed", std::move(removed)},
          {"messages", std::move(list)}};
}

}  // namespace

Result<VisitorFrame> parse_visitor_frame(std::string_view text, std::string* client_id) {
  TRY(auto object, parse_object(text));
  TRY(auto type, read_text(object, "type"));
  if (type == "message") {
    TRY(auto message, read_message(object, client_id));
    return message;
  }
  if (type == "typing") return TypingFrame{};
  if (type == "seen") {
    SeenFrame frame;
    TRY(frame.seq, read_number(object, "seq"));
    return frame;
  }
  if (type == "hello") {
    HelloFrame frame;
    TRY(frame.token, read_text(object, "token"));
    TRY(frame.after, read_number(object, "after"));
    return frame;
  }
  return fail(ErrorKind::invalid, "frame_unknown", "This kind of frame is not known.");
}

Result<MessageFrame> parse_message_body(std::string_view text, std::string* client_id) {
  TRY(auto object, parse_object(text));
  return read_message(object, client_id);
}

std::string welcome_frame(const Transcript& transcript) {
  auto object = to_json(transcript);
  object["type"] = "welcome";
  return json::serialize(object);
}

std::string message_list(const Transcript& transcript) { return json::serialize(to_json(transcript)); }

std::string message_frame(const ShownMessage& message) {
  auto object = to_json(message);
  object["type"] = "message";
  return json::serialize(object);
}

std::string accepted_frame(std::string_view client_id, std::int64_t seq, Time at) {
  return json::serialize(
      json::object{{"type", "accepted"}, {"client_id", client_id}, {"seq", seq}, {"at", to_rfc3339(at)}});
}

std::string refused_frame(std::string_view client_id, const Error& error) {
  std::string_view code = error.code;
  // The widget sends again what is refused for now; these two names tell it so.
  if (error.kind == ErrorKind::limited) code = "limited";
  if (error.kind == ErrorKind::unavailable || error.kind == ErrorKind::internal) code = "unavailable";
  const std::string_view detail =
      error.kind == ErrorKind::internal ? std::string_view() : std::string_view(error.detail);
  return json::serialize(
      json::object{{"type", "refused"}, {"client_id", client_id}, {"code", code}, {"detail", detail}});
}

std::string typing_frame(std::string_view author) {
  return json::serialize(json::object{{"type", "typing"}, {"author", author}});
}

std::string removed_frame(std::int64_t seq) { return json::serialize(json::object{{"type", "removed"}, {"seq", seq}}); }

std::string seen_frame(std::int64_t seq, bool by_team) {
  json::object object{{"type", "seen"}, {"seq", seq}};
  if (by_team) object["by"] = "team";
  return json::serialize(object);
}

}  // namespace answerable::channels::webchat
