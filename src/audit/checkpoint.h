// A checkpoint: "the ledger of this workspace had `size` entries and this root", signed. Text form: C2SP
// tlog-checkpoint v1 in a C2SP signed note. A stranger can check it with any implementation of these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/merkle.h"
#include "audit/signed_note.h"
#include "audit/signing_key.h"
#include "base/id.h"

namespace answerable::audit {

// Which ledger: of which workspace (nil: the installation's own), in which epoch. A restore from a backup begins a new
// epoch, because under one origin no two histories may be signed.
struct LedgerName {
  LedgerName(WorkspaceId of, std::int64_t in_epoch = 1) : workspace(of), epoch(in_epoch) {}
  WorkspaceId workspace;
  std::int64_t epoch;
  bool operator==(const LedgerName&) const = default;
};

// The origin line and name of the signing key: <installation>/ledger/<workspace id>, from the second epoch on followed
// by / and its number.
std::string origin_of(const PublicKey& key, const LedgerName& ledger);

// The ledger of this origin line, which may be the first line of a note that nobody has checked yet.
std::optional<LedgerName> ledger_called(const PublicKey& key, std::string_view origin);

std::string sign_checkpoint(const SigningKey& key, const LedgerName& ledger, const TreeHead& head);

struct Checkpoint {
  LedgerName ledger;
  TreeHead head;
};

// Checks form, origin and signature. Signatures by others are passed over. Errors: invalid "checkpoint_malformed",
// "checkpoint_origin" (of another installation), "checkpoint_signature" (not signed by this key).
Result<Checkpoint> open_checkpoint(const PublicKey& key, std::string_view note);
// "checkpoint_origin" also when it is of another ledger than this one.
Result<TreeHead> open_checkpoint(const PublicKey& key, const LedgerName& ledger, std::string_view note);

}  // namespace answerable::audit
