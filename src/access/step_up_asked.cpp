#include "access/step_up_asked.h"

#include "access/record.h"
#include "access/user.h"

namespace answerable::access {

void StepUpAsked::ask(UserId user) {
  const std::scoped_lock lock(mutex_);
  const auto now_ms = clock_.monotonic_ms();
  if (people_.size() >= people_max) {
    std::erase_if(people_, [now_ms](const auto& entry) { return now_ms - entry.second.at_ms >= asked_ms; });
    if (people_.size() >= people_max) people_.clear();
  }
  people_[user] = {.at_ms = now_ms, .done = {}};
}

bool StepUpAsked::must_confirm(const Actor& actor) {
  const std::scoped_lock lock(mutex_);
  const auto found = people_.find(actor.user);
  if (found == people_.end()) return false;
  auto& asked = found->second;
  const auto passed_ms = clock_.monotonic_ms() - asked.at_ms;
  if (passed_ms < begins_after_ms) return false;
  if (passed_ms >= asked_ms) {
    people_.erase(found);
    return false;
  }
  if (asked.done.contains(actor.session)) return false;
  if (!actor.is_confirmed) return true;
  asked.done.insert(actor.session);
  return false;
}

Status ask_again(store::Transaction& tx, WorkspaceId workspace, UserId id, LetterKind letter) {
  TRY(const auto user, find_user(tx, workspace, id));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  TRY_STATUS(run(tx, "update sessions set confirmed_at = 0 where workspace_id = $1 and user_id = $2", {workspace, id}));
  TRY_STATUS(queue_account_mail(tx, {.workspace = workspace,
                                     .kind = letter,
                                     .to = user->email,
                                     .language = user->language,
                                     .name = user->name,
                                     .link = {}}));
  return record(tx, {.workspace = workspace,
                     .actor = system_actor(workspace).for_ledger(),
                     .action = "session.ask_again",
                     .object_kind = "user",
                     .object_id = id.text(),
                     .details = {{"why", std::string(to_string(letter))}}});
}

}  // namespace answerable::access
