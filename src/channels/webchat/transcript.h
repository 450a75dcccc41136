// The transcript of one visitor: numbered lines, both directions, and the files in them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "channels/webchat/protocol.h"
#include "channels/webchat/visitor.h"
#include "outbox/delivery.h"
#include "store/session.h"

namespace answerable::channels::webchat {

struct StoredFile {
  FileId id;
  std::string filename, content_type;
  std::int64_t size = 0;
  Digest blob{};
};

struct Numbered {
  std::int64_t seq = 0;
  Time at;
  bool is_new = false;
};

// Makes the address of a file that this visitor may load.
using FileUrl = std::function<std::string(FileId)>;

// The visitor's own message. A client id that is there already gives the number it has: nothing is doubled.
// Errors: invalid "file_unknown" for a file that is not the visitor's own.
// `message`: what it becomes, by which it can be taken down.
Result<Numbered> append_visitor_message(store::Transaction& tx, const VisitorSession& visitor,
                                        const MessageFrame& frame, std::optional<MessageId> message = {});
// A reply on its way to the visitor; idempotent by message id. Errors: not_found "visitor_unknown".
struct AppendedReply {
  Numbered numbered;
  std::vector<StoredFile> files;
};
Result<AppendedReply> append_reply(store::Transaction& tx, const outbox::OutboundMessage& message, VisitorId visitor);

// What was taken down is there by its number only.
Result<Transcript> load_transcript(store::Session& session, const VisitorSession& visitor, std::int64_t after,
                                   const FileUrl& url);
// Remembers how far the visitor has read; returns the messages of ours that he has seen now for the first time.
Result<std::vector<MessageId>> mark_seen(store::Transaction& tx, const VisitorSession& visitor, std::int64_t seq);

// The company has read the visitor's first `messages` lines. The number of the last of them, or 0 when that is no news.
Result<std::int64_t> mark_team_seen(store::Transaction& tx, WorkspaceId workspace, VisitorId visitor,
                                    std::int64_t messages);

// The line that this message is, as its visitor sees it now; nothing: it is in no chat.
struct FoundLine {
  VisitorId visitor;
  ChannelId channel;
  ShownMessage shown;
};
Result<std::optional<FoundLine>> find_line(store::Session& session, WorkspaceId workspace, MessageId message,
                                           const std::function<std::string(ChannelId, FileId)>& url);

// Errors: limited "too_many_files".
Status insert_file(store::Transaction& tx, const VisitorSession& visitor, const StoredFile& file);
// Nothing as well when its line was taken down.
Result<std::optional<StoredFile>> find_file(store::Session& session, WorkspaceId workspace, FileId id);
// The files of a message of the visitor's, in order. Errors: invalid "file_unknown".
Result<std::vector<StoredFile>> load_own_files(store::Session& session, const VisitorSession& visitor,
                                               const std::vector<FileId>& ids);

}  // namespace answerable::channels::webchat
