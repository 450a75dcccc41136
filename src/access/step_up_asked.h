// Whoever was asked to show again who it is, before anything else: when a code seems to be used by several, or reads
// more than its role needs. Nobody is signed out; each session goes on once it has confirmed (confirm_session.h).
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "access/account_mail.h"
#include "access/actor.h"
#include "base/clock.h"

namespace answerable::access {

// In memory, per process: a restart forgives. Thread-safe.
class StepUpAsked {
 public:
  static constexpr std::int64_t asked_ms = 24LL * 3'600'000;  // then who has not confirmed goes on all the same
  static constexpr std::int64_t begins_after_ms = 2'000;      // until nobody remembers a confirmation from before
  static constexpr std::size_t people_max = 10'000;           // beyond: those asked long ago, then all

  explicit StepUpAsked(const Clock& clock) : clock_(clock) {}

  // Together with ask_again(), which ends earlier confirmations.
  void ask(UserId user);
  // Whether this session still has to. One that is confirmed has done, for this time.
  bool must_confirm(const Actor& actor);

 private:
  struct Asked {
    std::int64_t at_ms = 0;
    std::unordered_set<SessionId> done;
  };
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<UserId, Asked> people_;
};

// No session of this person counts as confirmed any more, and the person is told why by mail. Errors: not_found
// "user_unknown".
Status ask_again(store::Transaction& tx, WorkspaceId workspace, UserId user, LetterKind letter);

}  // namespace answerable::access
