#include "channels/webchat/transcript.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "channels/webchat/limits.h"

namespace answerable::channels::webchat {

namespace {

std::string joined(const std::vector<FileId>& ids) {
  std::string text;
  for (const auto& id : ids) {
    if (!text.empty()) text += ' ';
    text += id.text();
  }
  return text;
}

std::vector<FileId> split_ids(std::string_view text) {
  std::vector<FileId> ids;
  for (std::size_t at = 0; at + 36 <= text.size(); at += 37)
    if (auto id = FileId::parse(text.substr(at, 36))) ids.push_back(*id);
  return ids;
}

StoredFile file_from(const store::Row& row) {
  StoredFile file;
  file.id = row.id<FileId>(0);
  file.filename = row.string(1);
  file.content_type = row.string(2);
  file.size = row.integer(3);
  auto blob = row.bytes(4);
  if (blob.size() == file.blob.size()) std::memcpy(file.blob.data(), blob.data(), blob.size());
  return file;
}

// Takes the next number of the visitor's transcript; 0 when there is no such visitor.
Result<std::int64_t> next_seq(store::Transaction& tx, WorkspaceId workspace, VisitorId visitor) {
  return tx.number(
      "update webchat_visitors set last_seq = last_seq + 1 where workspace_id = $1 and id = $2 returning last_seq",
      {workspace, visitor});
}

// `attached`: the line that names it is written in the same transaction.
Status write_file(store::Transaction& tx, WorkspaceId workspace, VisitorId visitor, const StoredFile& file,
                  bool attached) {
  TRY_STATUS(
      tx.execute("insert into webchat_files (workspace_id, id, visitor_id, filename, content_type, size, blob, "
                 "created_at, attached) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                 {workspace, file.id, visitor, file.filename, file.content_type, file.size,
                  store::Bytes{as_bytes(file.blob)}, tx.now(), attached}));
  return {};
}

// One line, without its files, and these. conversations/removal.h keeps the table of what was taken down.
std::pair<ShownMessage, std::vector<FileId>> line_from(const store::Row& row) {
  ShownMessage line{row.integer(0), row.text(1) == "in", row.string(2), "", row.string(4), row.time(5), {}};
  line.is_removed = row.integer(7) != 0;
  if (line.is_removed) return {std::move(line), {}};
  line.text = row.string(3);
  return {std::move(line), split_ids(row.text(6))};
}

Status add_files(store::Session& session, WorkspaceId workspace, const std::vector<FileId>& ids, const FileUrl& url,
                 ShownMessage& line) {
  for (const auto& id : ids) {
    TRY(auto file, find_file(session, workspace, id));
    if (file) line.files.push_back({file->id, file->filename, url(file->id), file->size});
  }
  return {};
}

Numbered numbered_from(const store::Row& row) { return {row.integer(0), row.time(1), false}; }

}  // namespace

Result<std::vector<StoredFile>> load_own_files(store::Session& session, const VisitorSession& visitor,
                                               const std::vector<FileId>& ids) {
  std::vector<StoredFile> files;
  for (const auto& id : ids) {
    TRY(auto file, session.find("select id, filename, content_type, size, blob from webchat_files "
                                "where workspace_id = $1 and id = $2 and visitor_id = $3",
                                {visitor.workspace(), id, visitor.visitor()}, file_from));
    if (!file) return fail(ErrorKind::invalid, "file_unknown", "The message names a file that was not uploaded here.");
    files.push_back(*std::move(file));
  }
  return files;
}

Result<Numbered> append_visitor_message(store::Transaction& tx, const VisitorSession& visitor,
                                        const MessageFrame& frame, std::optional<MessageId> message) {
  TRY(auto known,
      tx.find("select seq, at from webchat_transcript where workspace_id = $1 and visitor_id = $2 and client_id = $3",
              {visitor.workspace(), visitor.visitor(), frame.client_id}, numbered_from));
  if (known) return *known;
  TRY_STATUS(load_own_files(tx, visitor, frame.files));
  Numbered numbered{0, tx.now(), true};
  TRY(numbered.seq, next_seq(tx, visitor.workspace(), visitor.visitor()));
  if (numbered.seq == 0)
    return fail(ErrorKind::unauthenticated, "token_invalid", "The chat session has ended: open a new one.");
  for (const auto& id : frame.files)
    TRY_STATUS(tx.execute("update webchat_files set attached = 1 where workspace_id = $1 and id = $2",
                          {visitor.workspace(), id}));
  auto files = joined(frame.files);
  TRY_STATUS(tx.execute(
      "insert into webchat_transcript (workspace_id, visitor_id, seq, direction, client_id, message_id, text, "
      "author, files, at) values ($1, $2, $3, 'in', $4, $8, $5, '', $6, $7)",
      {visitor.workspace(), visitor.visitor(), numbered.seq, frame.client_id, frame.text, files, numbered.at,
       message}));
  return numbered;
}

Result<AppendedReply> append_reply(store::Transaction& tx, const outbox::OutboundMessage& message, VisitorId visitor) {
  AppendedReply reply;
  TRY(auto known, tx.find("select seq, at from webchat_transcript where workspace_id = $1 and message_id = $2",
                          {message.workspace, message.message}, numbered_from));
  if (known) {
    reply.numbered = *known;
    return reply;
  }
  TRY(auto is_here,
      tx.number("select count(*) from webchat_visitors where workspace_id = $1 and id = $2 and channel_id = $3",
                {message.workspace, visitor, message.channel}));
  if (is_here == 0) return fail(ErrorKind::not_found, "visitor_unknown", "There is no such visitor (any more).");
  std::vector<FileId> ids;
  for (const auto& attachment : message.attachments) {
    StoredFile file{FileId::make(tx.clock()), attachment.filename, attachment.content_type, attachment.size,
                    attachment.blob};
    TRY_STATUS(write_file(tx, message.workspace, visitor, file, true));
    ids.push_back(file.id);
    reply.files.push_back(std::move(file));
  }
  reply.numbered = {0, tx.now(), true};
  TRY(reply.numbered.seq, next_seq(tx, message.workspace, visitor));
  auto files = joined(ids);
  TRY_STATUS(tx.execute(
      "insert into webchat_transcript (workspace_id, visitor_id, seq, direction, client_id, message_id, text, "
      "author, files, at) values ($1, $2, $3, 'out', null, $4, $5, $6, $7, $8)",
      {message.workspace, visitor, reply.numbered.seq, message.message, message.text, message.author_name, files,
       reply.numbered.at}));
  return reply;
}

Result<Transcript> load_transcript(store::Session& session, const VisitorSession& visitor, std::int64_t after,
                                   const FileUrl& url) {
  Transcript transcript;
  TRY(auto numbers,
      session.find("select last_seq, team_seen_seq from webchat_visitors where workspace_id = $1 and id = $2",
                   {visitor.workspace(), visitor.visitor()},
                   [](const store::Row& row) { return std::pair(row.integer(0), row.integer(1)); }));
  if (numbers) std::tie(transcript.seq, transcript.team_seen) = *numbers;
  TRY(transcript.removed,
      session.all("select t.seq from webchat_transcript t join removed_messages r on r.workspace_id = t.workspace_id "
                  "and r.message_id = t.message_id where t.workspace_id = $1 and t.visitor_id = $2 "
                  "order by t.seq desc limit $3",
                  {visitor.workspace(), visitor.visitor(), static_cast<std::int64_t>(removed_per_welcome_max)},
                  [](const store::Row& row) { return row.integer(0); }));
  std::vector<std::vector<FileId>> files;
  std::size_t bytes = 0;
  TRY_STATUS(session.each(
      "select t.seq, t.direction, t.client_id, t.text, t.author, t.at, t.files, case when r.message_id is null then 0 "
      "else 1 end from webchat_transcript t left join removed_messages r on r.workspace_id = t.workspace_id and "
      "r.message_id = t.message_id where t.workspace_id = $1 and t.visitor_id = $2 and t.seq > $3 "
      "order by t.seq desc limit $4",
      {visitor.workspace(), visitor.visitor(), after, static_cast<std::int64_t>(messages_per_welcome_max)},
      [&](const store::Row& row) {
        if (bytes > welcome_bytes_max) return;
        bytes += row.text(3).size();
        auto [line, ids] = line_from(row);
        transcript.messages.push_back(std::move(line));
        files.push_back(std::move(ids));
      }));
  for (std::size_t i = 0; i < files.size(); ++i)
    TRY_STATUS(add_files(session, visitor.workspace(), files[i], url, transcript.messages[i]));
  std::ranges::reverse(transcript.messages);
  return transcript;
}

Result<std::optional<FoundLine>> find_line(store::Session& session, WorkspaceId workspace, MessageId message,
                                           const std::function<std::string(ChannelId, FileId)>& url) {
  std::vector<FileId> ids;
  TRY(auto found,
      session.find("select t.seq, t.direction, t.client_id, t.text, t.author, t.at, t.files, case when r.message_id is "
                   "null then 0 else 1 end, v.id, v.channel_id from webchat_transcript t join webchat_visitors v on "
                   "v.workspace_id = t.workspace_id and v.id = t.visitor_id left join removed_messages r on "
                   "r.workspace_id = t.workspace_id and r.message_id = t.message_id "
                   "where t.workspace_id = $1 and t.message_id = $2",
                   {workspace, message}, [&](const store::Row& row) {
                     FoundLine line{.visitor = row.id<VisitorId>(8), .channel = row.id<ChannelId>(9), .shown = {}};
                     std::tie(line.shown, ids) = line_from(row);
                     return line;
                   }));
  if (!found) return found;
  const auto url_of = [&](FileId id) { return url(found->channel, id); };
  TRY_STATUS(add_files(session, workspace, ids, url_of, found->shown));
  return found;
}

Result<std::vector<MessageId>> mark_seen(store::Transaction& tx, const VisitorSession& visitor, std::int64_t seq) {
  TRY(auto before, tx.find("select seen_seq, last_seq from webchat_visitors where workspace_id = $1 and id = $2",
                           {visitor.workspace(), visitor.visitor()},
                           [](const store::Row& row) { return std::pair(row.integer(0), row.integer(1)); }));
  if (!before) return std::vector<MessageId>();
  seq = std::min(seq, before->second);
  if (seq <= before->first) return std::vector<MessageId>();
  TRY_STATUS(tx.execute("update webchat_visitors set seen_seq = $3 where workspace_id = $1 and id = $2",
                        {visitor.workspace(), visitor.visitor(), seq}));
  return tx.all(
      "select message_id from webchat_transcript where workspace_id = $1 and visitor_id = $2 and seq > $3 and seq <= "
      "$4 "
      "and direction = 'out' order by seq desc limit $5",
      {visitor.workspace(), visitor.visitor(), before->first, seq, static_cast<std::int64_t>(messages_per_welcome_max)},
      [](const store::Row& row) { return row.id<MessageId>(0); });
}

Result<std::int64_t> mark_team_seen(store::Transaction& tx, WorkspaceId workspace, VisitorId visitor,
                                    std::int64_t messages) {
  TRY(auto seq, tx.number("select coalesce(max(seq), 0) from (select seq from webchat_transcript where workspace_id = "
                          "$1 and visitor_id = $2 and direction = 'in' order by seq limit $3) as read_lines",
                          {workspace, visitor, messages}));
  return tx.number(
      "update webchat_visitors set team_seen_seq = $3 where workspace_id = $1 and id = $2 and "
      "team_seen_seq < $3 returning team_seen_seq",
      {workspace, visitor, seq});
}

Status insert_file(store::Transaction& tx, const VisitorSession& visitor, const StoredFile& file) {
  TRY(auto files,
      tx.number("select count(*) from webchat_files where workspace_id = $1 and visitor_id = $2 and created_at > $3",
                {visitor.workspace(), visitor.visitor(), tx.now() - 24LL * 3'600'000}));
  if (files >= files_per_visitor_max)
    return fail(ErrorKind::limited, "too_many_files", "You have sent many files today: try again tomorrow.");
  return write_file(tx, visitor.workspace(), visitor.visitor(), file, false);
}

Result<std::optional<StoredFile>> find_file(store::Session& session, WorkspaceId workspace, FileId id) {
  TRY(const auto removed,
      session.number("select count(*) from webchat_files f join webchat_transcript t on t.workspace_id = "
                     "f.workspace_id and t.visitor_id = f.visitor_id join removed_messages r on r.workspace_id = "
                     "t.workspace_id and r.message_id = t.message_id "
                     "where f.workspace_id = $1 and f.id = $2 and t.files like $3",
                     {workspace, id, "%" + id.text() + "%"}));
  if (removed > 0) return std::optional<StoredFile>();
  return session.find(
      "select id, filename, content_type, size, blob from webchat_files where workspace_id = $1 and id = $2",
      {workspace, id}, file_from);
}

}  // namespace answerable::channels::webchat
