// Turns a session token or an API key into an Actor. Answers are remembered for a second, so a request costs a hash and
// a look-up in memory, and whatever is ended anywhere is refused everywhere within that second. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/database.h"

namespace answerable::access {

class Authenticator {
 public:
  static constexpr std::int64_t remembered_ms = 1'000;
  static constexpr std::int64_t seen_every_ms = 60'000;  // how exactly "last seen" and "last used" are kept
  static constexpr std::size_t remembered_max = 100'000;

  // Both outlive it. The database is read on the caller's thread when an answer is not remembered.
  Authenticator(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Errors: unauthenticated "not_signed_in" (unknown, ended or expired).
  Result<Actor> by_session(std::string_view token);
  // Errors: unauthenticated "api_key_invalid" (malformed, unknown, revoked or expired), "application_not_approved",
  // "application_expired".
  Result<Actor> by_api_key(std::string_view secret);

  // Call after a commit that ended sessions or keys, or changed people: forgets all answers, then tells the listener.
  void changed();
  // Set once, before the first request; called by changed() on its thread.
  void on_change(std::function<void()> listener) { listener_ = std::move(listener); }

 private:
  struct Known {
    Actor actor;
    Time ends_at;       // no answer beyond this
    Time confirmed_at;  // of a session: when the person last showed who it is
    Time seen_at;       // as stored
    // Of a key: its application is approved, and until when.
    bool is_approved = true;
    Time application_ends_at{std::numeric_limits<std::int64_t>::max()};
    std::int64_t checked_ms = 0;  // monotonic
  };
  using Load = Result<std::optional<Known>> (*)(store::Session&, std::string_view hash);

  Actor actor_of(const Known& known) const;
  Status check_application(const Known& known) const;
  Result<Actor> authenticate(std::string_view secret, Load load, std::string_view refusal);
  std::optional<Known> remembered(const std::string& hash, std::uint64_t& generation);
  void remember(std::string hash, const Known& known, std::uint64_t generation);
  void note_seen(std::string hash, const Known& known);
  static Result<std::optional<Known>> load_session(store::Session& session, std::string_view hash);
  static Result<std::optional<Known>> load_api_key(store::Session& session, std::string_view hash);

  store::Database& database_;
  const Clock& clock_;
  std::function<void()> listener_;
  std::mutex mutex_;
  std::unordered_map<std::string, Known> known_;  // by hash of the secret
  std::uint64_t generation_ = 0;                  // an answer read before changed() is not remembered after it
};

}  // namespace answerable::access
