// Challenges for passkeys: what an authenticator signs, so that an answer is of now and of this purpose. Nothing is
// stored when one is made: it carries its own end and a MAC by a key of the installation, so strangers who ask for many
// leave nothing behind, and every node knows it. It is spent, in the store, by the answer that was right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::int64_t challenge_ms = 10 * 60'000;
inline constexpr std::size_t challenge_characters_max = 75;  // in base64url: 56 bytes

// `purpose`: whatever it may be used for, and by whom; another one does not check. Thread-safe.
std::string make_challenge(std::string_view key, std::string_view purpose, Time now);
// Errors: invalid "challenge_unknown": not ours, of another purpose, or too old.
Status check_challenge(std::string_view key, std::string_view purpose, std::string_view challenge, Time now);
// In the transaction of the act that it allows. Errors: invalid "challenge_unknown" when it was spent before.
Status spend_challenge(store::Transaction& tx, std::string_view challenge);

}  // namespace answerable::access
