// The frames of the web chat (docs: "Web chat" of the API): text in, values out, and back. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace answerable::channels::webchat {

using FileId = Id<struct FileTag>;

struct HelloFrame {
  std::string token;
  std::int64_t after = 0;
};
struct MessageFrame {
  std::string client_id, text;
  std::vector<FileId> files;
};
struct TypingFrame {};
struct SeenFrame {
  std::int64_t seq = 0;
};
using VisitorFrame = std::variant<HelloFrame, MessageFrame, TypingFrame, SeenFrame>;

// Errors: invalid "frame_malformed", "frame_unknown", "message_empty", "message_too_long", "client_id",
// "too_many_files". When the frame is a message whose client id can be read, `client_id` is set even if the rest is
// wrong, so that it can be refused.
Result<VisitorFrame> parse_visitor_frame(std::string_view text, std::string* client_id = nullptr);
// The same for the HTTP way: the object has no "type".
Result<MessageFrame> parse_message_body(std::string_view text, std::string* client_id = nullptr);

struct ShownFile {
  FileId id;
  std::string filename, url;
  std::int64_t size = 0;
};

// One line of a transcript, as its visitor sees it.
struct ShownMessage {
  std::int64_t seq = 0;
  bool is_from_visitor = false;
  std::string client_id, text, author;
  Time at;
  std::vector<ShownFile> files;
  bool is_removed = false;  // taken down: nothing of it is shown
};

struct Transcript {
  std::int64_t seq = 0;                // of the last line
  std::int64_t team_seen = 0;          // the company has read the visitor's lines up to here
  std::vector<std::int64_t> removed;   // all lines that are taken down, newest first, at most removed_per_welcome_max
  std::vector<ShownMessage> messages;  // after `after`, oldest first, at most the newest messages_per_welcome_max
};

std::string welcome_frame(const Transcript& transcript);
std::string message_list(const Transcript& transcript);  // the HTTP way
std::string message_frame(const ShownMessage& message);
std::string accepted_frame(std::string_view client_id, std::int64_t seq, Time at);
std::string refused_frame(std::string_view client_id, const Error& error);
std::string typing_frame(std::string_view author);
// The line was taken down. When it is put back, its message_frame() comes again.
std::string removed_frame(std::int64_t seq);
// By the visitor in another window, or by the company.
std::string seen_frame(std::int64_t seq, bool by_team);

}  // namespace answerable::channels::webchat
