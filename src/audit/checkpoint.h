// A checkpoint: "the ledger of this workspace had `size` entries and this root", signed. Text form: C2SP
// tlog-checkpoint v1 in a C2SP signed note. A stranger can check it with any implementation of these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/merkle.h"
#include "audit/signing_key.h"
#include "base/id.h"

namespace answerable::audit {

inline constexpr std::size_t note_bytes_max = 8'192;  // with the signatures of witnesses

// The origin line and name of the signing key: <installation>/ledger/<workspace id>.
std::string origin_of(const PublicKey& key, WorkspaceId workspace);

std::string sign_checkpoint(const SigningKey& key, WorkspaceId workspace, const TreeHead& head);

// Checks form, origin and signature. Signatures by others are passed over. Errors: invalid "checkpoint_malformed",
// "checkpoint_origin" (of another ledger), "checkpoint_signature" (not signed by this key).
Result<TreeHead> open_checkpoint(const PublicKey& key, WorkspaceId workspace, std::string_view note);

}  // namespace answerable::audit
