// Taking a message down: its place stays and says so, what it says is gone from every screen, from search, quotes and
// forwards. The original, with its reason, is kept in the blob store (encrypted) under a hold until somebody puts it
// back. By an administrator in the own workspace, by the operator in any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::size_t removal_reason_bytes_max = 1'000;
inline constexpr int removals_shown_max = 200;  // in one list, newest first

// The bytes to be put into the blob store before take_down(): what a message says never changes meanwhile. Errors:
// denied; not_found "no_message"; conflict "already_removed".
Result<std::string> load_original(store::Session& session, const access::Actor& actor, WorkspaceId workspace,
                                  MessageId message);

struct NewRemoval {
  WorkspaceId workspace;
  MessageId message;
  std::string reason;
  Digest original{};
};
// A delivery that has not left does not leave. By the operator it is a measure as well (policy/violation.h). Event
// message_changed, ledger "message.take_down". Errors: those of load_original(); invalid "bad_reason".
Status take_down(store::Transaction& tx, const access::Actor& actor, const NewRemoval& removal);

// Errors: denied, also "not_yours_to_put_back": the operator has taken it down, or a measure was taken for it;
// not_found "not_removed".
Result<Digest> find_held_original(store::Session& session, const access::Actor& actor, WorkspaceId workspace,
                                  MessageId message);
// Event message_released, ledger "message.put_back". A delivery that had waited waits again. Errors: those of
// find_held_original(); internal "original_malformed".
Status put_back(store::Transaction& tx, const access::Actor& actor, WorkspaceId workspace, MessageId message,
                std::string_view original);

struct Removal {
  WorkspaceId workspace;
  MessageId message;
  std::string reason;
  Time removed_at;
};
// What is held now, in all workspaces, for the operator. Errors: denied.
Result<std::vector<Removal>> removals(store::Session& session, const access::Actor& actor);
// By its Message-ID, with or without <>. Errors: denied.
Result<std::optional<MessageId>> find_removable(store::Session& session, const access::Actor& actor,
                                                WorkspaceId workspace, std::string_view external_id);

}  // namespace answerable::conversations
