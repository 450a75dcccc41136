// How much a workspace may take of the service at a time. A term of its agreement goes before a rule of the clause
// fair_load, and either before the configuration of the server. A measure `limit` takes less while it stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/gcra.h"
#include "base/result.h"
#include "policy/judge.h"
#include "store/session.h"

namespace answerable::policy {

inline constexpr std::string_view load_clause = "fair_load";
// Rules of that clause: requests of the whole workspace within a minute.
inline constexpr std::string_view read_rule = "read_per_minute", write_rule = "write_per_minute",
                                  search_rule = "search_per_minute", upload_rule = "upload_per_minute",
                                  export_rule = "export_per_minute";
// A rule of any clause whose ladder limits: how many acts of the limited scope are left within a minute.
inline constexpr std::string_view limited_rule = "limited_per_minute";
inline constexpr std::int64_t limited_per_minute_otherwise = 60;

// A measure `limit` that stands.
struct Limitation {
  Scope scope = Scope::sending;
  Rate rate;
  std::string reason;  // clause, version, facts, and how it ends; for those whom it concerns
};

struct Allowance {
  std::optional<std::int64_t> connections = {};                      // live screens at once: see entitlement.h
  std::optional<std::int64_t> read, write, search, upload, exports;  // nothing: as configured
  std::optional<Limitation> programs;                                // scope api or everything
  std::optional<Limitation> people;                                  // scope sign_in or everything
};

Result<Allowance> find_allowance(store::Session& session, WorkspaceId workspace);
// The strictest one for acts of this scope, or of everything.
Result<std::optional<Limitation>> find_limitation(store::Session& session, WorkspaceId workspace, Scope scope);
// Counts one act of this scope against the limitation, if there is one; what has been taken is in the database, so it
// holds on every node and over a restart. Errors: limited "limited_by_policy" with the reason.
Status judge_rate(store::Transaction& tx, WorkspaceId workspace, Scope scope);

}  // namespace answerable::policy
