// The same message that came on two ways (two addresses of one channel, forwarded and fetched) has other trace fields
// and so other raw bytes. It is a copy when Message-ID and everything that a reader sees are the same; a Message-ID
// alone never suppresses anything, because everybody can choose one. Copies of the raw bytes were recognised before, by
// accept.
#include "intake/receive.h"

namespace answerable::intake {

StepResult recognise_duplicate(Receiving& receiving) {
  const auto& in = receiving.in;
  if (!in.content_key) return std::nullopt;
  store::Bytes key{as_bytes(*in.content_key)};
  TRY(auto is_new,
      receiving.tx.execute(
          "insert into inbound_keys (workspace_id, key, spool_id) values ($1, $2, $3) on conflict do nothing",
          {in.arrival.workspace, key, in.spool}));
  if (is_new == 1) return std::nullopt;
  TRY(auto holder,
      receiving.tx.find("select spool_id from inbound_keys where workspace_id = $1 and key = $2",
                        {in.arrival.workspace, key}, [](const store::Row& row) { return row.id<SpoolId>(0); }));
  if (!holder || *holder == in.spool) return std::nullopt;
  return Disposition::duplicate;
}

}  // namespace answerable::intake
