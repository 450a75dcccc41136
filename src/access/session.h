// Sessions of signed-in people. The token is 256 random bits, given to the browser once and kept as its SHA-256 only. A
// session ends 14 days after it was last used and 30 days after it began, whatever comes first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::int64_t day_ms = 86'400'000;
inline constexpr std::int64_t session_idle_ms = 14 * day_ms;
inline constexpr std::int64_t session_absolute_ms = 30 * day_ms;
inline constexpr std::int64_t confirmed_ms = 5 * 60'000;  // so long signing in, or confirming, counts for all acts
inline constexpr std::size_t session_token_bytes = 32;
inline constexpr std::size_t user_agent_bytes_max = 300;
inline constexpr std::int64_t sessions_per_user_max = 50;  // one more ends the one that was used least recently

// The session at a provider of single sign-on by which one of ours began.
struct ProviderSession {
  std::string_view issuer = {}, subject = {}, id = {};  // empty: none, or it has no id
};

struct NewSession {
  WorkspaceId workspace;
  UserId user;
  std::string_view user_agent;  // as the browser says; only ever shown
  std::string_view address;
  std::string_view device_token = {};  // known_device.h
  ProviderSession provider = {};
};

struct OpenedSession {
  SessionId id;
  std::string token;  // for the cookie; not kept
  Time ends_at;
};

struct SessionInfo {
  SessionId id;
  Time created_at, last_seen_at;
  std::string user_agent, address;
};

Result<OpenedSession> open_session(store::Transaction& tx, const NewSession& session);
// The actor's own, or an administrator's look at those of the own people; newest use first. Errors: denied, not_found
// "user_unknown".
Result<std::vector<SessionInfo>> sessions_of(store::Session& session, const Actor& by, UserId whose);
// One of the actor's own, or by an administrator one of the own people's. Call Authenticator::changed() after it and
// the next two. Errors: not_found "session_unknown".
Status end_session(store::Transaction& tx, const Actor& by, SessionId id);
// By an administrator: all that somebody has, and the devices are strangers again. The password holds. Errors: denied,
// not_found "user_unknown".
Status end_sessions_of(store::Transaction& tx, const Actor& by, UserId whose);
Status end_all_my_sessions(store::Transaction& tx, const Actor& me);
// Part of other acts (a new password, a disabled account): no entry of its own.
Status end_sessions(store::Transaction& tx, WorkspaceId workspace, UserId user, std::optional<SessionId> keep);
// Sessions that have ended by time, and devices unused for a year; return how many of at most `limit`.
Result<std::int64_t> delete_ended_sessions(store::Transaction& tx, int limit);
Result<std::int64_t> delete_unused_devices(store::Transaction& tx, int limit);

}  // namespace answerable::access
