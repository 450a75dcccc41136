// Taking note of who reads what (access/read_recorder.h), by the handlers that hand it out.
#pragma once

#include "access/read_recorder.h"
#include "conversations/conversation.h"
#include "http/route.h"
#include "store/session.h"

namespace answerable::http {

// Before a conversation is shown. The request's header Answerable-Reason, percent-encoded UTF-8, says why, when that is
// unusual. Errors: denied "reason_required", invalid "bad_reason", unavailable "read_log_full".
Status note_conversation(Call& call, store::Session& session, const conversations::ConversationItem& item);
// What an export of a search says of this conversation.
Status note_found(Call& call, const conversations::ConversationItem& item);
// The same for what belongs to a message: its formatted document, an attachment (`object`).
Status note_message(Call& call, store::Session& session, MessageId message);
Status note_attachment(Call& call, store::Session& session, MessageId message, AttachmentId attachment);

// What this process has noted goes to the database at once: before somebody looks at the read log. What cannot be
// written now is still written later.
void write_readings(Call& call);

}  // namespace answerable::http
