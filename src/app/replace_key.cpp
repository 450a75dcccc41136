#include "app/replace_key.h"

#include <set>

#include "access/second_factor.h"
#include "access/single_sign_on.h"
#include "app/installation.h"
#include "app/key_owner.h"
#include "audit/ledger.h"
#include "cluster/membership.h"
#include "intake/channel.h"

namespace answerable::app {
namespace {

Status copy_blobs(Installation& at, store::Blobs& into, ReplacedKey& done) {
  const auto columns = all_blob_columns();
  std::set<Digest> seen;
  const auto copy = [&](const Digest& digest) -> Status {
    if (digest == Digest{} || !seen.insert(digest).second) return {};
    auto bytes = at.blobs().get(digest);
    if (!bytes && bytes.error().code == "blob_missing") bytes = into.get(digest);  // of a run that was interrupted
    if (!bytes && bytes.error().code == "blob_missing") {
      ++done.missing_blobs;
      return {};
    }
    if (!bytes) return std::unexpected(bytes.error());
    TRY_STATUS(into.put(*bytes));
    ++done.blobs;
    return {};
  };
  return at.database().read([&](store::Session& session) { return store::each_blob(session, columns, copy); });
}

Status seal_anew(store::Transaction& tx, const Keys& from, const NextKey& next, ReplacedKey& done) {
  const auto& to = next.keys;
  TRY(const auto channels, intake::reseal_channels(tx, from.channel_secrets, to.channel_secrets));
  TRY(const auto factors, access::reseal_second_factors(tx, from.second_factors, to.second_factors));
  TRY(const auto clients, access::reseal_client_secrets(tx, from.second_factors, to.second_factors));
  done.unreadable_secrets = channels + factors + clients;
  TRY_STATUS(hand_over_keys(tx, to));
  TRY_STATUS(audit::append_entry(tx, {.workspace = {},
                                      .actor = access::system_actor({}).for_ledger(),
                                      .action = "installation.replace_key",
                                      .object_kind = "key",
                                      .object_id = key_name(next.master),
                                      .details = {}}));
  return {};
}

// An interrupted replacement may have handed the database over to the next key already.
Status check_keys(Installation& at, const NextKey& next) {
  const auto ledger_key = at.ledger_key().public_key();
  auto is_ours = claim_keys(at.database(), at.keys(), ledger_key);
  return is_ours || !next.is_kept ? is_ours : claim_keys(at.database(), next.keys, ledger_key);
}

}  // namespace

Status check_nobody_runs(Installation& at) {
  TRY(const auto nodes, at.database().query([](store::Session& session) { return cluster::living_nodes(session); }));
  if (nodes.empty()) return {};
  return fail(ErrorKind::conflict, "nodes_run",
              "A node runs, or ran until some seconds ago: stop all nodes, wait 10 seconds, and try again. "
              "Afterwards copy the folder keys to each of them.");
}

Result<ReplacedKey> replace_installation_key(const Configuration& configuration, const Clock& clock) {
  TRY(const auto at, Installation::open(configuration, clock, Opening::replace_key));
  const auto& folder = configuration.data_dir;
  TRY(const auto next, begin_next_key(folder));
  TRY_STATUS(check_nobody_runs(*at));
  TRY_STATUS(check_keys(*at, next));
  ReplacedKey done;
  {
    TRY(const auto blobs, store::open_blobs(blobs_folder(configuration), next.keys.blobs));
    TRY_STATUS(copy_blobs(*at, *blobs, done));
  }
  TRY_STATUS(keep_next_key(folder, next));
  TRY_STATUS(at->database().write([&](store::Transaction& tx) { return seal_anew(tx, at->keys(), next, done); }));
  TRY(done.old_file, put_in_force(folder, clock.now()));
  return done;
}

}  // namespace answerable::app
