// Attachments: rows that name blobs. An upload is an attachment that no message has taken yet; its owner's next message
// may.
#pragma once

#include <cstdint>
#include <string>

#include "access/actor.h"
#include "base/digest.h"
#include "base/result.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::int64_t upload_max_bytes = 25'000'000;
inline constexpr std::size_t filename_max_bytes = 255;
inline constexpr std::int64_t upload_kept_ms = 24LL * 3'600'000;  // that no message takes

struct NewUpload {
  std::string filename;
  std::string content_type;
  std::int64_t size = 0;
  Digest blob{};  // put into the blob store before
};

// Errors: denied, invalid "bad_filename" / "bad_content_type", limited "upload_too_large".
Result<Attachment> create_upload(store::Transaction& tx, const access::Actor& actor, const NewUpload& upload);
// An attachment of a message of the workspace, or the actor's own upload. Errors: denied, not_found "no_attachment".
Result<Attachment> load_attachment(store::Session& session, const access::Actor& actor, AttachmentId id);
// Uploads that no message has taken in time; returns how many of at most `limit`.
Result<std::int64_t> delete_abandoned_uploads(store::Transaction& tx, int limit);

}  // namespace answerable::conversations
