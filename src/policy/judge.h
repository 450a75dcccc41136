// What a workspace may do now. Every sending act and every attempt asks here; issue 4 adds clauses, cures and appeals.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/database.h"
#include "store/session.h"

namespace answerable::policy {

enum class Scope : std::uint8_t { sending, new_conversations };
std::string_view to_string(Scope scope);  // "sending", "new_conversations"
std::optional<Scope> parse_scope(std::string_view text);

struct Suspension {
  Scope scope = Scope::sending;
  std::string cause;   // stable snake_case name, e.g. "payment_default"
  std::string reason;  // what the workspace is told: what, why, what to do
  Time since;
  std::optional<Time> until;  // ends by itself then; nothing: until it is lifted
};

// The suspension in force for this scope, if any. One indexed look-up.
Result<std::optional<Suspension>> find_suspension(store::Session& session, WorkspaceId workspace, Scope scope);
// Errors: suspended "sending_suspended" with the reason as detail.
Status judge_sending(store::Session& session, WorkspaceId workspace);
// Errors: suspended "new_conversations_suspended". Asked before an agent starts a conversation; arrivals are always
// collected.
Status judge_starting(store::Session& session, WorkspaceId workspace);

std::span<const store::Migration> schema();

}  // namespace answerable::policy
