#include "access/api_key.h"

#include "access/authorize.h"
#include "access/ended.h"
#include "access/make_application.h"
#include "access/record.h"
#include "access/roles.h"
#include "access/scim_token.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/random.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

constexpr std::string_view mark = "ak_";
constexpr std::size_t secret_characters = 43;  // 32 bytes in base64url
constexpr std::size_t checksum_characters = 6;
constexpr std::size_t prefix_characters = 11;

std::string checksum(std::string_view random_part) {
  return to_hex(as_bytes(sha256(random_part)).substr(0, checksum_characters / 2));
}

ApiKey read_key(const store::Row& row) {
  return {.id = row.id<ApiKeyId>(0),
          .name = row.string(1),
          .prefix = row.string(2),
          .may_write = row.flag(3),
          .role = parse_role(row.text(4)).value_or(Role::agent),
          .created_at = row.time(5),
          .expires_at = row.maybe_time(6),
          .last_used_at = row.maybe_time(7),
          .application = row.id<ApplicationId>(8),
          .composed = row.is_null(9) ? RoleId{} : row.id<RoleId>(9)};
}

// A key acts as itself and is assigned nothing, so a role that sees what is assigned sees nothing.
Status check_role(store::Session& session, const Actor& by, const NewApiKey& given) {
  Reach reach{.permissions = permissions_of(given.role)};
  if (!given.composed.is_nil()) {
    TRY(const auto role, load_role(session, by.workspace, given.composed));
    if (role.sees_only_assigned)
      return fail(ErrorKind::invalid, "role_invalid", "A key is assigned nothing: choose a role that sees more.");
    reach = {.permissions = role.permissions, .sees_only_assigned = false, .hides_personal = role.hides_personal};
  }
  if (given.role == Role::operator_ || !require_no_more(by, reach))
    return fail(ErrorKind::invalid, "role_invalid", "A key has at most the role of who makes it.");
  return {};
}

Status check(store::Session& session, const Actor& by, const NewApiKey& given) {
  if (given.name.empty() || one_line(given.name, api_key_name_bytes_max) != given.name)
    return fail(ErrorKind::invalid, "name_invalid", "A key needs a name of one line and at most 120 bytes.");
  TRY_STATUS(check_role(session, by, given));
  if (given.expires_at && *given.expires_at <= session.now())
    return fail(ErrorKind::invalid, "expiry_in_past", "The expiry lies in the past.");
  TRY(const auto count,
      session.number("select count(*) from api_keys where workspace_id = $1 and revoked_at is null", {by.workspace}));
  if (count >= api_keys_per_workspace_max)
    return fail(ErrorKind::limited, "too_many_api_keys", "A workspace has at most 200 keys. Revoke one first.");
  return {};
}

// The one that was named, or a new one by the name of the key.
Result<ApplicationId> application_for(store::Transaction& tx, const Actor& by, const NewApiKey& given) {
  if (given.application.is_nil()) {
    TRY(const auto made,
        make_application(
            tx, by, {.name = given.name, .purpose = {}, .contact = {}, .may_write = given.may_write, .expires_at = {}},
            given.is_approved));
    return made.id;
  }
  TRY(const auto named, load_application(tx, by.workspace, given.application));
  const bool is_over = named.state == ApplicationState::refused || named.state == ApplicationState::ended ||
                       (named.expires_at && *named.expires_at <= tx.now());
  if (is_over) return fail(ErrorKind::conflict, "application_over", "This application is over: register a new one.");
  if (given.may_write && !named.may_write)
    return fail(ErrorKind::invalid, "scope_beyond_application", "This application may only read.");
  return named.id;
}

}  // namespace

Result<UserId> maker_of(store::Session& session, const Actor& by) {
  if (by.kind != Actor::Kind::api_key) return by.user;
  TRY(const auto maker,
      session.find("select created_by from api_keys where workspace_id = $1 and id = $2", {by.workspace, by.api_key},
                   [](const store::Row& row) { return row.id<UserId>(0); }));
  return maker.value_or(UserId{});
}

Result<std::int64_t> end_keys_of(store::Transaction& tx, WorkspaceId workspace, UserId maker) {
  TRY(const auto keys, tx.execute("update api_keys set revoked_at = $3 where workspace_id = $1 and created_by = $2 "
                                  "and revoked_at is null",
                                  {workspace, maker, tx.now()}));
  TRY(const auto tokens, end_scim_token_of(tx, workspace, maker));
  return keys + tokens;
}

Result<CreatedApiKey> create_api_key(store::Transaction& tx, const Actor& by, const NewApiKey& given) {
  TRY_STATUS(authorize(by, "api_key", "create"));
  TRY_STATUS(check(tx, by, given));
  TRY(const auto application, application_for(tx, by, given));
  TRY(const auto maker, maker_of(tx, by));
  const auto random_part = random_token(32);
  const auto secret = std::string(mark) + random_part + checksum(random_part);
  const auto hash = sha256(secret);
  CreatedApiKey created{.key = {.id = ApiKeyId::make(tx.clock()),
                                .name = given.name,
                                .prefix = secret.substr(0, prefix_characters),
                                .may_write = given.may_write,
                                .role = given.composed.is_nil() ? given.role : Role::agent,
                                .created_at = tx.now(),
                                .expires_at = given.expires_at,
                                .last_used_at = std::nullopt,
                                .application = application,
                                .composed = given.composed},
                        .secret = secret};
  const auto& key = created.key;
  TRY_STATUS(
      run(tx,
          "insert into api_keys (workspace_id, id, name, prefix, secret_hash, may_write, role, created_by, created_at, "
          "expires_at, application_id, role_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
          {by.workspace, key.id, key.name, key.prefix, store::Bytes{as_bytes(hash)}, key.may_write, to_string(key.role),
           maker, key.created_at, key.expires_at, key.application,
           key.composed.is_nil() ? store::Value(nullptr) : store::Value(key.composed)}));
  TRY_STATUS(
      record(tx, {.workspace = by.workspace,
                  .actor = by.for_ledger(),
                  .action = "api_key.create",
                  .object_kind = "api_key",
                  .object_id = key.id.text(),
                  .details = {{"role", key.composed.is_nil() ? std::string(to_string(key.role)) : key.composed.text()},
                              {"scope", key.may_write ? "read write" : "read"},
                              {"application", key.application.text()}}}));
  return created;
}

Status revoke_api_key(store::Transaction& tx, const Actor& by, ApiKeyId id) {
  TRY_STATUS(authorize(by, "api_key", "revoke"));
  TRY(const auto changed, tx.execute("update api_keys set revoked_at = $3 where workspace_id = $1 and id = $2 "
                                     "and revoked_at is null",
                                     {by.workspace, id, tx.now()}));
  if (changed == 0) return fail(ErrorKind::not_found, "api_key_unknown", "There is no such key.");
  // One that was made for this key alone ends with it.
  TRY_STATUS(
      run(tx,
          "update applications set state = 'ended' where workspace_id = $1 and purpose = '' and is_legacy = 0 and "
          "id in (select application_id from api_keys where workspace_id = $1 and id = $2) and not exists (select "
          "1 from api_keys k where k.workspace_id = $1 and k.application_id = applications.id and k.revoked_at is "
          "null)",
          {by.workspace, id}));
  TRY_STATUS(note_ended(tx));
  return record(tx, {.workspace = by.workspace,
                     .actor = by.for_ledger(),
                     .action = "api_key.revoke",
                     .object_kind = "api_key",
                     .object_id = id.text()});
}

Result<std::vector<ApiKey>> api_keys(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "api_key", "list"));
  return session.all(
      "select id, name, prefix, may_write, role, created_at, expires_at, last_used_at, application_id, role_id from "
      "api_keys where workspace_id = $1 and revoked_at is null order by created_at desc, id desc",
      {by.workspace}, read_key);
}

Result<std::optional<KeyOwner>> find_key_owner(store::Session& session, std::string_view secret) {
  if (!is_api_key_form(secret)) return std::nullopt;
  const auto hash = sha256(secret);
  return session.find(
      "select k.workspace_id, k.id, a.id, k.name, k.prefix, a.name from api_keys k join applications a on "
      "a.workspace_id = k.workspace_id and a.id = k.application_id where k.secret_hash = $1",
      {store::Bytes{as_bytes(hash)}}, [](const store::Row& row) {
        return KeyOwner{.workspace = row.id<WorkspaceId>(0),
                        .id = row.id<ApiKeyId>(1),
                        .application = row.id<ApplicationId>(2),
                        .name = row.string(3),
                        .prefix = row.string(4),
                        .application_name = row.string(5)};
      });
}

bool is_api_key_form(std::string_view secret) {
  if (secret.size() != mark.size() + secret_characters + checksum_characters || !secret.starts_with(mark)) return false;
  const auto random_part = secret.substr(mark.size(), secret_characters);
  return secret.substr(mark.size() + secret_characters) == checksum(random_part);
}

}  // namespace answerable::access
