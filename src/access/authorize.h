// "May this actor do this here?" One table of (resource, action, least role, relation); what is not in it is denied.
// Who has a composed role (composed_role.h) may do what that role names of the table, whatever `least` says.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "access/actor.h"
#include "base/result.h"

namespace answerable::access {

enum class Relation : std::uint8_t {
  workspace,  // the thing belongs to the actor's workspace (always required)
  own,        // the thing is the actor's own: its session, its draft, its queued message
};

struct Rule {
  std::string_view resource;  // "conversation", "user", "channel" …
  std::string_view action;    // "read", "reply", "assign" …
  Role least;                 // the least role; an API key counts as the role it was given
  Relation relation = Relation::workspace;
  bool writes = true;            // needs scope "write" of an API key
  bool is_for_operator = false;  // the operator runs the installation: has these rules only, whatever `least` says
  bool steps_up = false;         // a person shows again who it is, when that was longer ago (confirm_session.h)
};

// The whole table, for the generated test and for the documentation.
std::span<const Rule> rules();

// Errors: denied "password_change_required", "second_factor_required", "step_up_required", "not_allowed" (also for a
// pair that the table does not know), denied "read_only_key". The system may do everything that the table knows.
// Belonging to the workspace is not asked here: every query is keyed by the actor's workspace, so that a thing of
// another workspace is not found.
Status authorize(const Actor& actor, std::string_view resource, std::string_view action, bool is_own = false);

// Whether the table has the pair at all; a route or an action that names an unknown one is our mistake.
bool is_known_pair(std::string_view resource, std::string_view action);

}  // namespace answerable::access
