#include "http/directory.h"

#include "access/user.h"

namespace answerable::http {

std::string_view PeopleNames::find(UserId id) const {
  const auto found = by_id.find(id);
  return found == by_id.end() ? std::string_view() : std::string_view(found->second);
}

Result<std::shared_ptr<const PeopleNames>> Directory::people(store::Session& session, WorkspaceId workspace) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(workspace);
    if (found != known_.end() && clock_.monotonic_ms() - found->second.loaded_ms < kept_ms) return found->second.names;
  }
  TRY(const auto users, access::users(session, workspace));
  auto names = std::make_shared<PeopleNames>();
  for (const auto& user : users) names->by_id.emplace(user.id, user.name);
  const std::scoped_lock lock(mutex_);
  known_[workspace] = {.names = names, .loaded_ms = clock_.monotonic_ms()};
  return std::shared_ptr<const PeopleNames>(names);
}

void Directory::forget(WorkspaceId workspace) {
  const std::scoped_lock lock(mutex_);
  known_.erase(workspace);
}

}  // namespace answerable::http
