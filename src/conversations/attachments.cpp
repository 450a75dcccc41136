#include "conversations/attachments.h"

#include <algorithm>
#include <map>

#include "access/authorize.h"
#include "base/utf8.h"
#include "conversations/attachment_table.h"
#include "conversations/message_table.h"
#include "policy/entitlement.h"

namespace answerable::conversations {
namespace {

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// type/subtype of RFC 6838, with or without parameters; it is only ever handed back as text.
bool is_content_type(std::string_view text) {
  auto slash = text.find('/');
  return text.size() <= 255 && slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
         !has_control(text) && is_valid_utf8(text);
}

}  // namespace

std::string uploader_key(const access::Actor& actor) { return std::string(actor.kind_name()) + ":" + actor.id_text(); }

Result<Attachment> create_upload(store::Transaction& tx, const access::Actor& actor, const NewUpload& upload) {
  TRY_STATUS(access::authorize(actor, "attachment", "upload"));
  const auto& name = upload.filename;
  if (name.empty() || name.size() > filename_max_bytes || has_control(name) || !is_valid_utf8(name))
    return fail(ErrorKind::invalid, "bad_filename", "A file name has 1 to 255 bytes and no control characters.");
  if (!is_content_type(upload.content_type))
    return fail(ErrorKind::invalid, "bad_content_type", "The content type looks like image/png.");
  if (upload.size < 0 || upload.size > upload_max_bytes)
    return fail(ErrorKind::limited, "upload_too_large", "An attachment has at most 25 MB.");
  TRY_STATUS(policy::judge_file(tx, actor.workspace, upload.size));
  Attachment attachment{.id = AttachmentId::make(tx.clock()),
                        .message = {},
                        .filename = upload.filename,
                        .content_type = upload.content_type,
                        .size = upload.size,
                        .is_inline = false,
                        .content_id = {},
                        .blob = upload.blob};
  TRY_STATUS(tx.execute(
      "insert into attachments (workspace_id, id, message_id, uploader, ordinal, filename, content_type, size, "
      "inline, content_id, blob, created_at) values ($1, $2, null, $3, 0, $4, $5, $6, 0, '', $7, $8)",
      {actor.workspace, attachment.id, uploader_key(actor), upload.filename, upload.content_type, upload.size,
       store::Bytes{as_bytes(upload.blob)}, tx.now()}));
  return attachment;
}

Result<Attachment> load_attachment(store::Session& session, const access::Actor& actor, AttachmentId id) {
  TRY_STATUS(access::authorize(actor, "attachment", "read"));
  TRY(auto found,
      session.find("select id, message_id, filename, content_type, size, inline, content_id, blob from attachments "
                   "where workspace_id = $1 and id = $2 and (message_id is not null or uploader = $3) and not exists "
                   "(select 1 from messages m where m.workspace_id = $1 and m.id = attachments.message_id and "
                   "m.withheld <> 0)",
                   {actor.workspace, id, uploader_key(actor)},
                   [](const store::Row& row) { return read_attachment(row); }));
  if (!found) return fail(ErrorKind::not_found, "no_attachment", "There is no such attachment.");
  return *std::move(found);
}

Result<std::vector<Attachment>> load_uploads(store::Session& session, const access::Actor& actor,
                                             const std::vector<AttachmentId>& ids) {
  if (ids.size() > attachments_per_message_max)
    return fail(ErrorKind::invalid, "too_many_attachments", "A message has at most 50 attachments.");
  std::vector<Attachment> uploads;
  for (auto id : ids) {
    TRY(auto upload, load_attachment(session, actor, id));
    const bool is_twice = std::ranges::find(uploads, id, &Attachment::id) != uploads.end();
    if (!upload.message.is_nil() || is_twice)
      return fail(ErrorKind::not_found, "no_attachment",
                  "An attachment belongs to another message already: upload it again.");
    uploads.push_back(std::move(upload));
  }
  return uploads;
}

Status take_uploads(store::Transaction& tx, WorkspaceId workspace, MessageId message,
                    const std::vector<Attachment>& uploads) {
  std::int64_t ordinal = 0;
  for (const auto& upload : uploads) {
    TRY_STATUS(
        tx.execute("update attachments set message_id = $3, ordinal = $4, inline = $5, content_id = $6 "
                   "where workspace_id = $1 and id = $2",
                   {workspace, upload.id, message, ordinal++, upload.is_inline, upload.content_id}));
  }
  return {};
}

Result<std::int64_t> delete_abandoned_uploads(store::Transaction& tx, int limit) {
  std::map<WorkspaceId, std::int64_t> freed;
  std::int64_t deleted = 0;
  TRY_STATUS(tx.each(
      "delete from attachments where (workspace_id, id) in (select workspace_id, id from attachments "
      "where message_id is null and created_at <= $1 order by created_at limit $2) returning workspace_id, size",
      {tx.now() - upload_kept_ms, limit}, [&](const store::Row& row) {
        freed[row.id<WorkspaceId>(0)] += row.integer(1);
        ++deleted;
      }));
  for (const auto& [workspace, bytes] : freed) TRY_STATUS(policy::count_stored(tx, workspace, -bytes));
  return deleted;
}

}  // namespace answerable::conversations
