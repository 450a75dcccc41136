// Recovery codes: for the day when the second factor is lost. Ten of 120 random bits each, shown once, kept as SHA-256,
// good once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr int recovery_codes_given = 10;

// New ones; the old are void. Part of other acts.
Result<std::vector<std::string>> give_recovery_codes(store::Transaction& tx, WorkspaceId workspace, UserId user);
Result<std::int64_t> recovery_codes_left(store::Session& session, WorkspaceId workspace, UserId user);
// Whether it was one; then it is used up. However it is typed: small letters, blanks, no hyphens.
Result<bool> use_recovery_code(store::Transaction& tx, WorkspaceId workspace, UserId user, std::string_view typed);
// Capitals and digits only: what people type between them does not count.
std::string bare_code(std::string_view typed);

}  // namespace answerable::access
