#include "access/known_device.h"

#include "access/authorize.h"
#include "access/ended.h"
#include "access/record.h"
#include "access/session.h"
#include "access/user.h"
#include "base/digest.h"
#include "base/random.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

DeviceId id_of(std::string_view hash) { return DeviceId::from_bytes(hash.substr(0, sizeof(DeviceId))); }

struct Found {
  std::string hash;
  UserId user;
};

// The id is the first half of the key, so the rows lie between it and the last that begins with it.
Result<std::optional<Found>> find_device(store::Session& session, const Actor& by, DeviceId id) {
  const std::string first(id.bytes());
  const auto last = first + std::string(sizeof(Digest) - first.size(), '\xff');
  TRY(const auto rows,
      session.all("select d.token_hash, d.user_id from known_devices d join users u on u.id = d.user_id "
                  "where u.workspace_id = $1 and d.token_hash >= $2 and d.token_hash <= $3",
                  {by.workspace, store::Bytes{first}, store::Bytes{last}}, [](const store::Row& row) {
                    return Found{.hash = std::string(row.bytes(0)), .user = row.id<UserId>(1)};
                  }));
  std::optional<Found> found;
  for (const auto& row : rows) {
    if (!found || row.user == by.user) found = row;  // one browser may be known for several people: one's own first
  }
  return found;
}

}  // namespace

std::string device_hash(std::string_view token) {
  const auto digest = sha256(token);
  return std::string(as_bytes(digest));
}

Result<bool> is_device_of_somebody(store::Session& session, std::string_view token) {
  if (token.empty()) return false;
  const auto hash = device_hash(token);
  TRY(const auto count,
      session.number("select count(*) from known_devices where token_hash = $1", {store::Bytes{hash}}));
  return count > 0;
}

Result<bool> is_known_device(store::Session& session, UserId user, std::string_view token) {
  if (token.empty() || token.size() > device_token_characters_max) return false;
  const auto hash = device_hash(token);
  TRY(const auto count, session.number("select count(*) from known_devices where token_hash = $1 and user_id = $2",
                                       {store::Bytes{hash}, user}));
  return count > 0;
}

Result<std::string> remember_device(store::Transaction& tx, UserId user, const SeenDevice& seen) {
  const auto token = seen.token.empty() ? random_token() : std::string(seen.token);
  const auto hash = device_hash(token);
  const auto agent = one_line(to_valid_utf8(seen.user_agent), user_agent_bytes_max);
  TRY_STATUS(run(tx,
                 "insert into known_devices (token_hash, user_id, last_used_at, created_at, user_agent, address) "
                 "values ($1, $2, $3, $3, $4, $5) on conflict (token_hash, user_id) do update set "
                 "last_used_at = excluded.last_used_at, user_agent = excluded.user_agent, address = excluded.address",
                 {store::Bytes{hash}, user, tx.now(), agent, seen.address}));
  TRY_STATUS(run(tx,
                 "delete from known_devices where user_id = $1 and token_hash in (select token_hash from known_devices "
                 "where user_id = $1 order by last_used_at desc, token_hash limit 1000 offset $2)",
                 {user, devices_per_user_max}));
  return token;
}

Result<std::vector<KnownDevice>> known_devices(store::Session& session, const Actor& by, UserId whose) {
  const bool is_own = by.kind == Actor::Kind::user && by.user == whose;
  TRY_STATUS(is_own ? authorize(by, "session", "read", true) : authorize(by, "user", "read_sessions"));
  TRY(const auto user, find_user(session, by.workspace, whose));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  return session.all(
      "select token_hash, created_at, last_used_at, user_agent, address from known_devices where user_id = $1 "
      "order by last_used_at desc, token_hash",
      {whose}, [](const store::Row& row) {
        return KnownDevice{.id = id_of(row.bytes(0)),
                           .known_since = row.time(1),
                           .last_used_at = row.time(2),
                           .user_agent = row.string(3),
                           .address = row.string(4)};
      });
}

Status forget_device(store::Transaction& tx, const Actor& by, DeviceId id) {
  TRY_STATUS(authorize(by, "session", "end", true));
  TRY(const auto found, find_device(tx, by, id));
  // Who may not forget it does not learn that there is one.
  const bool is_theirs = found && (found->user == by.user || authorize(by, "user", "end_sessions"));
  if (!is_theirs) return fail(ErrorKind::not_found, "device_unknown", "There is no such device.");
  TRY_STATUS(run(tx, "delete from known_devices where token_hash = $1 and user_id = $2",
                 {store::Bytes{found->hash}, found->user}));
  TRY_STATUS(run(tx, "delete from sessions where workspace_id = $1 and user_id = $2 and device_hash = $3",
                 {by.workspace, found->user, store::Bytes{found->hash}}));
  TRY_STATUS(note_ended(tx));
  return record(tx, {.workspace = by.workspace,
                     .actor = by.for_ledger(),
                     .action = "user.forget_device",
                     .object_kind = "user",
                     .object_id = found->user.text()});
}

}  // namespace answerable::access
