// Devices on which a person has signed in before. A device is known by a cookie (`__Host-` on https) that holds 256
// random bits; the store has their SHA-256, so a copy of the database makes no device known, and nothing needs to be
// signed. Guessing from a stranger's device must never keep the owner out: whoever slows guesses down asks
// is_known_device() first. A new password, a report that somebody else may know it, or a year unused ends them all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::size_t device_token_characters_max = 64;
inline constexpr std::int64_t devices_per_user_max = 20;  // one more forgets the one that was used least recently

// Whether this person has signed in with this token before. `token`: as the cookie says, any bytes; empty or too long
// is not known. One look-up by primary key.
Result<bool> is_known_device(store::Session& session, UserId user, std::string_view token);
// Whether anybody has signed in on this device before. `token`: as its cookie says.
Result<bool> is_device_of_somebody(store::Session& session, std::string_view token);
// SHA-256, as the store and the throttle know it.
std::string device_hash(std::string_view token);

using DeviceId = Id<struct DeviceTag>;  // the first half of the hash: says nothing of the token

struct KnownDevice {
  DeviceId id;
  Time known_since, last_used_at;   // since 1970: from before this was kept
  std::string user_agent, address;  // of the last sign-in
};

struct SeenDevice {
  std::string_view token, user_agent, address;  // an empty token gets a new one
};

// Part of signing in. Returns the token that the browser keeps.
Result<std::string> remember_device(store::Transaction& tx, UserId user, const SeenDevice& seen);

// One's own, or an administrator's look at those of the own people; used last first. Errors: denied, not_found
// "user_unknown".
Result<std::vector<KnownDevice>> known_devices(store::Session& session, const Actor& by, UserId whose);
// One's own, or by an administrator one of the own people's: it is a stranger again, and its sessions end. Call
// Authenticator::changed() after it. Errors: not_found "device_unknown".
Status forget_device(store::Transaction& tx, const Actor& by, DeviceId id);

}  // namespace answerable::access
