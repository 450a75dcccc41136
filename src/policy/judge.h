// What a workspace may do now. Every sending act, every attempt and every request asks here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/database.h"
#include "store/session.h"

namespace answerable::policy {

using SuspensionId = Id<struct SuspensionTag>;

// Collecting is none of them: what arrives is always kept. `everything` is all the others.
enum class Scope : std::uint8_t {
  sending,            // replies, deliveries
  new_conversations,  // begun by agents
  api,                // programs with an API key
  sign_in,            // agents and supervisors; administrators come in to see why and to cure it
  everything,
};
std::string_view to_string(Scope scope);  // "sending", "new_conversations", "api", "sign_in", "everything"
std::optional<Scope> parse_scope(std::string_view text);

struct Suspension {
  SuspensionId id;
  Scope scope = Scope::sending;
  std::string cause;   // stable snake_case name, e.g. "payment_default"; cure.h has those that end by themselves
  std::string reason;  // what the workspace is told: what, why, what to do
  Time since;
  std::optional<Time> until;  // ends by itself then; nothing: until it is cured or lifted
  std::string imposed_by;     // "system", "operator", "administrator"
  std::optional<Time> cured_at;
};

// The oldest suspension in force that stops acts of this scope. One indexed look-up.
Result<std::optional<Suspension>> find_suspension(store::Session& session, WorkspaceId workspace, Scope scope);
// All that are in force, oldest first.
Result<std::vector<Suspension>> suspensions(store::Session& session, WorkspaceId workspace);
// Errors: suspended "sending_suspended" with the reason as detail.
Status judge_sending(store::Session& session, WorkspaceId workspace);
// Errors: suspended "new_conversations_suspended"; those of judge_rate(). Asked before an agent starts a conversation;
// arrivals are always collected.
Status judge_starting(store::Transaction& tx, WorkspaceId workspace);

std::span<const store::Migration> schema();

}  // namespace answerable::policy
