#include "audit/commitment_key.h"

#include "base/random.h"

namespace answerable::audit {

Result<std::string> commitment_key(store::Transaction& tx, WorkspaceId workspace, std::string_view subject) {
  auto known = find_commitment_key(tx, workspace, subject);  // nearly always: cheaper than to insert what is there
  if (known || known.error().kind != ErrorKind::not_found) return known;
  std::string fresh(32, '\0');
  fill_random(fresh.data(), fresh.size());
  TRY_STATUS(
      tx.execute("insert into ledger_commitment_keys (workspace_id, subject, key) values ($1, $2, $3)"
                 " on conflict (workspace_id, subject) do nothing",
                 {workspace, subject, store::Bytes{fresh}}));
  return find_commitment_key(tx, workspace, subject);
}

Result<std::string> find_commitment_key(store::Session& session, WorkspaceId workspace, std::string_view subject) {
  TRY(auto key, session.find("select key from ledger_commitment_keys where workspace_id = $1 and subject = $2",
                             {workspace, subject}, [](const store::Row& row) { return std::string(row.bytes(0)); }));
  if (key) return *std::move(key);
  return fail(ErrorKind::not_found, "commitment_key_gone",
              "The key was destroyed when the person was erased: what the ledger commits to cannot be confirmed.");
}

Status shred_commitment_key(store::Transaction& tx, WorkspaceId workspace, std::string_view subject) {
  TRY_STATUS(
      tx.execute("delete from ledger_commitment_keys where workspace_id = $1 and subject = $2", {workspace, subject}));
  TRY_STATUS(tx.execute("delete from ledger_words where workspace_id = $1 and subject = $2", {workspace, subject}));
  return {};
}

}  // namespace answerable::audit
