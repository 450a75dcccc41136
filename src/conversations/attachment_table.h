// Uploads on their way into a message.
#pragma once

#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

// Whose upload it is.
std::string uploader_key(const access::Actor& actor);
// The actor's own uploads that no message has taken. Errors: invalid "too_many_attachments", not_found "no_attachment".
Result<std::vector<Attachment>> load_uploads(store::Session& session, const access::Actor& actor,
                                             const std::vector<AttachmentId>& ids);
Status take_uploads(store::Transaction& tx, WorkspaceId workspace, MessageId message,
                    const std::vector<Attachment>& uploads);

}  // namespace answerable::conversations
