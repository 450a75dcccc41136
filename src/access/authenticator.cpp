#include "access/authenticator.h"

#include <algorithm>
#include <limits>

#include "access/api_key.h"
#include "access/composed_role.h"
#include "access/composed_role_row.h"
#include "access/record.h"
#include "access/session.h"
#include "base/digest.h"

namespace answerable::access {
namespace {

constexpr std::size_t token_characters_max = 64;

}  // namespace

Result<Actor> Authenticator::by_session(std::string_view token) {
  // Both kinds are remembered in one place: a key is not a session because it was just used as a key.
  if (token.empty() || token.size() > token_characters_max || is_api_key_form(token))
    return fail(ErrorKind::unauthenticated, "not_signed_in", "Sign in first.");
  return authenticate(token, &load_session, "not_signed_in");
}

Result<Actor> Authenticator::by_api_key(std::string_view secret) {
  if (!is_api_key_form(secret))
    return fail(ErrorKind::unauthenticated, "api_key_invalid", "This is not a key of ours. Was it copied whole?");
  return authenticate(secret, &load_api_key, "api_key_invalid");
}

Result<Actor> Authenticator::authenticate(std::string_view secret, Load load, std::string_view refusal) {
  const auto digest = sha256(secret);
  std::string hash(as_bytes(digest));
  std::uint64_t generation = 0;
  auto known = remembered(hash, generation);
  const bool is_fresh = known.has_value();
  if (!known) {
    TRY(known, database_.query([&](store::Session& session) { return load(session, hash); }));
  }
  if (!known || clock_.now() >= known->ends_at)
    return fail(
        ErrorKind::unauthenticated, refusal,
        refusal == "not_signed_in" ? "Your session has ended. Sign in again." : "This key is revoked or has expired.");
  TRY_STATUS(check_application(*known));
  auto actor = actor_of(*known);
  if (is_fresh) return actor;
  if (clock_.now() - seen_every_ms >= known->seen_at) {
    known->seen_at = clock_.now();
    note_seen(hash, *known);
  }
  remember(std::move(hash), *known, generation);
  return actor;
}

Status Authenticator::check_application(const Known& known) const {
  if (!known.is_approved)
    return fail(ErrorKind::unauthenticated, "application_not_approved",
                "The application that this key belongs to is not approved. Ask an administrator of the workspace.");
  if (clock_.now() >= known.application_ends_at)
    return fail(ErrorKind::unauthenticated, "application_expired",
                "The approval of the application that this key belongs to has run out. Register it anew.");
  return {};
}

Actor Authenticator::actor_of(const Known& known) const {
  auto actor = known.actor;
  if (actor.kind == Actor::Kind::user) actor.is_confirmed = clock_.now() - confirmed_ms <= known.confirmed_at;
  return actor;
}

std::optional<Authenticator::Known> Authenticator::remembered(const std::string& hash, std::uint64_t& generation) {
  const std::scoped_lock lock(mutex_);
  generation = generation_;
  const auto found = known_.find(hash);
  if (found == known_.end()) return std::nullopt;
  if (clock_.monotonic_ms() - found->second.checked_ms < remembered_ms) return found->second;
  known_.erase(found);
  return std::nullopt;
}

void Authenticator::remember(std::string hash, const Known& known, std::uint64_t generation) {
  const std::scoped_lock lock(mutex_);
  if (generation != generation_) return;
  if (known_.size() >= remembered_max) known_.clear();
  auto& slot = known_[std::move(hash)];
  slot = known;
  slot.checked_ms = clock_.monotonic_ms();
}

void Authenticator::note_seen(std::string hash, const Known& known) {
  const bool is_session = known.actor.kind == Actor::Kind::user;
  const auto actor = known.actor;
  const auto now = known.seen_at;
  auto job = [is_session, hash = std::move(hash), actor, now](store::Transaction& tx) -> Status {
    if (!is_session)
      return run(tx, "update api_keys set last_used_at = $3 where workspace_id = $1 and id = $2",
                 {actor.workspace, actor.api_key, now});
    TRY_STATUS(run(tx, "update sessions set last_seen_at = $2 where token_hash = $1", {store::Bytes{hash}, now}));
    return run(tx, "update users set last_seen_at = $3 where workspace_id = $1 and id = $2",
               {actor.workspace, actor.user, now});
  };
  database_.submit(std::move(job), [](const Status&) {});  // a lost "last seen" is noted by the next request
}

void Authenticator::changed() {
  {
    const std::scoped_lock lock(mutex_);
    ++generation_;
    known_.clear();
  }
  if (listener_) listener_();
}

Result<std::optional<Authenticator::Known>> Authenticator::load_session(store::Session& session,
                                                                        std::string_view hash) {
  return session.find(
      "select s.id, s.workspace_id, s.user_id, s.last_seen_at, s.ends_at, u.name, u.role, u.must_change_password, "
      "s.confirmed_at, u.has_second_factor, "
      "(select count(*) from second_factor_roles r where r.workspace_id = u.workspace_id and "
      "r.role = coalesce(c.counts_as, u.role)), u.role_id, c.id, c.name, c.permissions, c.sees_only_assigned, "
      "c.hides_personal from sessions s "
      "join users u on u.workspace_id = s.workspace_id and u.id = s.user_id "
      "left join roles c on c.workspace_id = u.workspace_id and c.id = u.role_id "
      "where s.token_hash = $1 and u.state = 'active'",
      {store::Bytes{hash}}, [](const store::Row& row) {
        Known known;
        known.actor.kind = Actor::Kind::user;
        known.actor.session = row.id<SessionId>(0);
        known.actor.workspace = row.id<WorkspaceId>(1);
        known.actor.user = row.id<UserId>(2);
        known.seen_at = row.time(3);
        known.ends_at = std::min(row.time(4), row.time(3) + session_idle_ms);
        known.actor.name = row.string(5);
        known.actor.role = parse_role(row.text(6)).value_or(Role::agent);
        known.actor.must_change_password = row.flag(7);
        known.confirmed_at = row.time(8);
        known.actor.must_set_second_factor = !row.flag(9) && row.integer(10) > 0;
        known.actor.composed = read_composed(row, 11);
        return known;
      });
}

Result<std::optional<Authenticator::Known>> Authenticator::load_api_key(store::Session& session,
                                                                        std::string_view hash) {
  return session.find(
      "select k.id, k.workspace_id, k.may_write, k.role, k.name, k.expires_at, k.last_used_at, a.state, a.expires_at, "
      "a.may_write, k.role_id, c.id, c.name, c.permissions, c.sees_only_assigned, c.hides_personal, u.role, u.role_id, "
      "m.id, m.name, m.permissions, m.sees_only_assigned, m.hides_personal "
      "from api_keys k join applications a on a.workspace_id = k.workspace_id and a.id = k.application_id "
      "left join roles c on c.workspace_id = k.workspace_id and c.id = k.role_id "
      "left join users u on u.workspace_id = k.workspace_id and u.id = k.created_by "
      "left join roles m on m.workspace_id = u.workspace_id and m.id = u.role_id "
      "where k.secret_hash = $1 and k.revoked_at is null",
      {store::Bytes{hash}}, [](const store::Row& row) {
        Known known;
        known.actor.kind = Actor::Kind::api_key;
        known.actor.api_key = row.id<ApiKeyId>(0);
        known.actor.workspace = row.id<WorkspaceId>(1);
        known.actor.may_write = row.flag(2) && row.flag(9);
        known.actor.role = parse_role(row.text(3)).value_or(Role::agent);
        known.actor.name = row.string(4);
        known.ends_at = row.maybe_time(5).value_or(Time{std::numeric_limits<std::int64_t>::max()});
        known.seen_at = row.maybe_time(6).value_or(Time{});
        known.is_approved = row.text(7) == to_string(ApplicationState::approved);
        known.actor.composed = read_composed(row, 10);
        if (!row.is_null(16)) {  // a person made it: it does no more than that person may now
          Actor maker;
          maker.kind = Actor::Kind::user;
          maker.role = parse_role(row.text(16)).value_or(Role::agent);
          maker.composed = read_composed(row, 17);
          confine(known.actor, maker);
        }
        known.application_ends_at = row.maybe_time(8).value_or(Time{std::numeric_limits<std::int64_t>::max()});
        return known;
      });
}

}  // namespace answerable::access
