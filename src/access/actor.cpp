#include "access/actor.h"

#include "access/composed_role.h"

namespace answerable::access {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::agent: return "agent";
    case Role::supervisor: return "supervisor";
    case Role::administrator: return "administrator";
    case Role::operator_: return "operator";
  }
  return "agent";
}

std::optional<Role> parse_role(std::string_view text) {
  for (auto role : {Role::agent, Role::supervisor, Role::administrator, Role::operator_}) {
    if (text == to_string(role)) return role;
  }
  return std::nullopt;
}

std::string_view Actor::kind_name() const {
  switch (kind) {
    case Kind::user: return "user";
    case Kind::api_key: return "api_key";
    case Kind::system: return "system";
  }
  return "system";
}

std::string Actor::id_text() const {
  switch (kind) {
    case Kind::user: return user.text();
    case Kind::api_key: return api_key.text();
    case Kind::system: return {};
  }
  return {};
}

bool Actor::sees_only_assigned() const { return composed && composed->sees_only_assigned; }

bool Actor::hides_personal() const { return composed && composed->hides_personal; }

audit::Actor Actor::for_ledger() const {
  std::string credential;
  if (kind == Kind::user && !session.is_nil()) credential = session.text();
  if (kind == Kind::api_key) credential = api_key.text();
  const bool is_operator = kind == Kind::user && role == Role::operator_;
  return {.kind = is_operator ? "operator" : std::string(kind_name()),
          .id = id_text(),
          .credential = std::move(credential)};
}

Actor system_actor(WorkspaceId workspace) {
  Actor actor;
  actor.workspace = workspace;
  actor.role = Role::administrator;
  return actor;
}

}  // namespace answerable::access
