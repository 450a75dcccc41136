#include "http/idempotency.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "http/schema.h"

namespace answerable::http {
namespace {

constexpr std::string_view http_0001 = R"sql(
create table idempotency_keys (
  workspace_id bytea not null,
  actor text not null,
  key_hash bytea not null,
  request_hash bytea not null,
  status bigint not null,
  body text not null,
  created_at bigint not null,
  primary key (workspace_id, actor, key_hash)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
)sql";
constexpr std::array migrations{store::Migration{.name = "http/0001", .sql = http_0001}};

struct Kept {
  std::string request_hash;
  int status = 0;
  std::string body;
};

struct Key {
  std::string actor;
  Digest hash{};
  Digest request{};
};

Result<std::optional<Key>> key_of(const Call& call) {
  const auto header = call.request.header("Idempotency-Key");
  if (!header) return std::nullopt;
  const bool is_visible = std::all_of(header->begin(), header->end(), [](char c) { return c >= ' ' && c < 0x7f; });
  if (header->empty() || header->size() > idempotency_key_bytes_max || !is_visible)
    return fail(ErrorKind::invalid, "bad_header", "Idempotency-Key has 1 to 255 visible ASCII characters.");
  std::string request = call.request.method;
  request.append(" ").append(call.request.target).append("\n").append(call.request.body);
  return Key{.actor = std::string(call.actor.kind_name()) + ":" + call.actor.id_text(),
             .hash = sha256(*header),
             .request = sha256(request)};
}

Result<std::optional<Kept>> find_kept(store::Session& session, WorkspaceId workspace, const Key& key) {
  return session.find(
      "select request_hash, status, body from idempotency_keys "
      "where workspace_id = $1 and actor = $2 and key_hash = $3",
      {workspace, key.actor, store::Bytes{as_bytes(key.hash)}}, [](const store::Row& row) {
        return Kept{.request_hash = std::string(row.bytes(0)),
                    .status = static_cast<int>(row.integer(1)),
                    .body = row.string(2)};
      });
}

// Takes the key for this transaction: false when an answer is kept already. First of all, so that on an engine with
// several writers the second waits here for the first instead of acting as well.
Result<bool> claim(store::Transaction& tx, WorkspaceId workspace, const Key& key) {
  TRY(const auto rows,
      tx.execute("insert into idempotency_keys (workspace_id, actor, key_hash, request_hash, status, body, created_at) "
                 "values ($1, $2, $3, $4, 0, '', $5) on conflict (workspace_id, actor, key_hash) do update set "
                 "request_hash = excluded.request_hash, created_at = excluded.created_at "
                 "where idempotency_keys.created_at <= $6",
                 {workspace, key.actor, store::Bytes{as_bytes(key.hash)}, store::Bytes{as_bytes(key.request)}, tx.now(),
                  tx.now() - idempotency_kept_ms}));
  return rows > 0;
}

Status keep(store::Transaction& tx, WorkspaceId workspace, const Key& key, const Produced& produced) {
  const auto& body = produced.body_for_repetition.empty() ? produced.response.body : produced.body_for_repetition;
  TRY(const auto rows,
      tx.execute("update idempotency_keys set status = $4, body = $5 "
                 "where workspace_id = $1 and actor = $2 and key_hash = $3",
                 {workspace, key.actor, store::Bytes{as_bytes(key.hash)}, produced.response.status, body}));
  static_cast<void>(rows);
  return {};
}

Result<net::Response> replay_kept(store::Session& session, WorkspaceId workspace, const Key& key) {
  TRY(const auto kept, find_kept(session, workspace, key));
  if (!kept) return fail(ErrorKind::conflict, "idempotency_in_flight", "The first request is under way. Try again.");
  if (kept->request_hash != as_bytes(key.request))
    return fail(ErrorKind::invalid, "idempotency_mismatch", "This Idempotency-Key was used for another request.");
  auto response = net::Response::text(kept->status, kept->body, "application/json");
  response.headers.set("Idempotency-Replayed", "true");
  return response;
}

}  // namespace

std::span<const store::Migration> schema() { return migrations; }

Result<net::Response> write_once(Call& call, const Produce& produce) {
  TRY(const auto key, key_of(call));
  const auto workspace = call.actor.workspace;
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    if (key) {
      TRY(const bool is_mine, claim(tx, workspace, *key));
      if (!is_mine) return replay_kept(tx, workspace, *key);
    }
    TRY(auto produced, produce(tx));
    if (key) TRY_STATUS(keep(tx, workspace, *key, produced));
    return std::move(produced.response);
  });
}

Result<net::Response> send_once(Call& call, const conversations::ContentRefusal& refusal, const Produce& produce) {
  auto answer = write_once(call, produce);
  const bool is_refused = !answer && answer.error().code == "content_refused";
  if (!is_refused) return answer;
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return conversations::record_refusal(tx, refusal); }));
  return answer;
}

Result<std::int64_t> delete_old_idempotency_keys(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from idempotency_keys where (workspace_id, actor, key_hash) in (select workspace_id, actor, key_hash "
      "from idempotency_keys where created_at <= $1 order by created_at limit $2)",
      {tx.now() - idempotency_kept_ms, limit});
}

}  // namespace answerable::http
