// A reply that did not arrive brings its conversation back.
#pragma once

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

// What somebody wrote did not leave, or came back: a conversation that was closed or snoozed since is open again,
// because nobody would see it otherwise. For a note, or for what the program sent by itself, nothing changes.
Status open_undelivered(store::Transaction& tx, WorkspaceId workspace, MessageId message);

}  // namespace answerable::conversations
