#include "channels/webchat/collect.h"

#include "channels/webchat/limits.h"

namespace answerable::channels::webchat {

Result<std::int64_t> delete_expired_tokens(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from webchat_tokens where token_hash in (select token_hash from webchat_tokens where expires_at <= $1 "
      "order by expires_at limit $2)",
      {tx.now(), limit});
}

// A visitor is made with a token: nobody younger than a token's life can be without one.
Result<std::int64_t> delete_silent_visitors(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from webchat_visitors where (workspace_id, id) in (select v.workspace_id, v.id from webchat_visitors v "
      "where v.last_seq = 0 and v.created_at <= $1 and not exists (select 1 from webchat_tokens t "
      "where t.workspace_id = v.workspace_id and t.visitor_id = v.id and t.expires_at > $2) limit $3)",
      {tx.now() - token_ms, tx.now(), limit});
}

Result<std::int64_t> delete_unattached_files(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from webchat_files where (workspace_id, id) in (select workspace_id, id from webchat_files "
      "where attached = 0 and created_at <= $1 order by created_at limit $2)",
      {tx.now() - unattached_file_kept_ms, limit});
}

}  // namespace answerable::channels::webchat
