#include "http/standing.h"

namespace answerable::http {

Result<std::shared_ptr<const Standing::Known>> Standing::look(WorkspaceId workspace) {
  const auto now_ms = clock_.monotonic_ms();
  {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(workspace);
    if (found != known_.end() && now_ms - found->second->checked_ms < remembered_ms) return found->second;
  }
  auto known = std::make_shared<Known>();
  known->checked_ms = now_ms;
  TRY_STATUS(database_.read([&](store::Session& session) -> Status {
    TRY(known->api, policy::find_suspension(session, workspace, policy::Scope::api));
    TRY(known->sign_in, policy::find_suspension(session, workspace, policy::Scope::sign_in));
    TRY(known->allowance, policy::find_allowance(session, workspace));
    return {};
  }));
  const std::scoped_lock lock(mutex_);
  if (known_.size() >= remembered_max) known_.clear();
  known_[workspace] = known;
  return known;
}

Status Standing::judge(const access::Actor& actor) {
  const bool is_key = actor.kind == access::Actor::Kind::api_key;
  if (actor.workspace.is_nil() || (!is_key && actor.role >= access::Role::administrator)) return {};
  TRY(const auto known, look(actor.workspace));
  if (is_key && known->api) return fail(ErrorKind::suspended, "api_suspended", known->api->reason);
  if (!is_key && known->sign_in) return fail(ErrorKind::suspended, "sign_in_suspended", known->sign_in->reason);
  return {};
}

std::shared_ptr<const policy::Allowance> Standing::allowance(WorkspaceId workspace) {
  static const auto as_configured = std::make_shared<const policy::Allowance>();
  if (workspace.is_nil()) return as_configured;
  const auto known = look(workspace);
  return known ? std::shared_ptr<const policy::Allowance>(*known, &(*known)->allowance) : as_configured;
}

void Standing::forget(WorkspaceId workspace) {
  const std::scoped_lock lock(mutex_);
  known_.erase(workspace);
}

}  // namespace answerable::http
