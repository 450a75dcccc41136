// What the text files that are to leave with a message say, for the rules on content (policy/file_text.h). Asked before
// the transaction that sends. Blocks: reads the database and the blob store.
#pragma once

#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/message.h"
#include "store/blobs.h"
#include "store/database.h"

namespace answerable::conversations {

// Those that are not there are left out. Errors: denied; those of Blobs::get().
Result<std::string> text_of_files(store::Database& database, store::Blobs& blobs, const access::Actor& actor,
                                  const std::vector<AttachmentId>& ids);
Result<std::string> text_of_files(store::Blobs& blobs, const std::vector<Attachment>& files);

}  // namespace answerable::conversations
