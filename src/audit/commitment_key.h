// The keys of commit_to(): one a person. Erasing the person destroys the key, and with it everything that the ledger's
// commitments could confirm about that person; the tree stays whole.
#pragma once

#include <string>
#include <string_view>

#include "base/id.h"
#include "store/session.h"

namespace answerable::audit {

// The key of a subject (the id of a contact) in a workspace, made at its first use. 32 random bytes.
Result<std::string> commitment_key(store::Transaction& tx, WorkspaceId workspace, std::string_view subject);

// For whoever has to show that a commitment is of certain words. Errors: not_found "commitment_key_gone".
Result<std::string> find_commitment_key(store::Session& session, WorkspaceId workspace, std::string_view subject);

// Belongs to erasing the subject: its key goes, and the words that entries committed to with it. What is committed to
// afterwards has a new key.
Status shred_commitment_key(store::Transaction& tx, WorkspaceId workspace, std::string_view subject);

}  // namespace answerable::audit
