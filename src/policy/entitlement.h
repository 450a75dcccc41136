// The one place where what a workspace is entitled to is enforced, asked within the transaction of the act itself:
// another person, another channel, another message that leaves, another file, another connection, a feature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "access/user.h"
#include "base/result.h"
#include "policy/judge.h"
#include "store/session.h"

namespace answerable::policy {

// access::create_user() and update_user(), within the seats of the agreement: one active person each. Errors: theirs;
// limited "seats_used_up", which undoes the transaction.
Result<access::User> add_person(store::Transaction& tx, const access::Actor& by, const access::NewUser& user);
Result<access::User> change_person(store::Transaction& tx, const access::Actor& by, UserId id,
                                   const access::UserChange& change);
// `channels`: those that are not disabled, with the one that comes. Errors: limited "channels_used_up".
Status judge_channels(store::Session& session, WorkspaceId workspace, std::int64_t channels);
// Before something is set up or used that an agreement may leave out; what is set up already goes on. `feature`: of
// known_features. Errors: limited "feature_not_agreed".
Status judge_feature(store::Session& session, WorkspaceId workspace, std::string_view feature);
// Before a person's message leaves: judge_sending(), then it counts for the period. Two at once at the bound: one is
// refused. Errors: those of judge_sending() and judge_rate(); limited "messages_used_up".
Status judge_message(store::Transaction& tx, WorkspaceId workspace);

// Before somebody of the workspace stores a file: its size, and whether it fits; then it counts. Errors: limited
// "attachment_too_large", "storage_used_up".
Status judge_file(store::Transaction& tx, WorkspaceId workspace, std::int64_t bytes);
// What arrives counts and is kept, whatever the agreement says; when it goes beyond, the notice addresses are told,
// once until there is room again. Negative: it is gone.
Status count_stored(store::Transaction& tx, WorkspaceId workspace, std::int64_t bytes);

inline constexpr std::int64_t connections_otherwise = 5'000;  // live screens of one workspace, without an agreement
// `open`: those that are open on this node. Errors: limited "connections_used_up".
Status judge_connection(const std::optional<std::int64_t>& agreed, std::size_t open);

struct Usage {
  std::int64_t storage_bytes = 0;
  std::int64_t messages = 0;  // in the current period
  Time period_began, period_ends;
};
// Periods follow each other from the date of the signature.
Result<Usage> usage(store::Session& session, WorkspaceId workspace);

}  // namespace answerable::policy
