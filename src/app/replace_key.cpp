#include "app/replace_key.h"

#include <set>

#include "access/second_factor.h"
#include "access/single_sign_on.h"
#include "app/installation.h"
#include "audit/ledger.h"
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
  TRY_STATUS(audit::append_entry(tx, {.workspace = {},
                                      .actor = access::system_actor({}).for_ledger(),
                                      .action = "installation.replace_key",
                                      .object_kind = "key",
                                      .object_id = key_name(next.master),
                                      .details = {}}));
  return {};
}

}  // namespace

Result<ReplacedKey> replace_installation_key(const Configuration& configuration, const Clock& clock) {
  TRY(const auto at, Installation::open(configuration, clock, Opening::replace_key));
  const auto& folder = configuration.data_dir;
  TRY(const auto next, begin_next_key(folder));
  ReplacedKey done;
  {
    TRY(const auto blobs, store::open_blobs(folder + "/blobs", next.keys.blobs));
    TRY_STATUS(copy_blobs(*at, *blobs, done));
  }
  TRY_STATUS(keep_next_key(folder, next));
  TRY_STATUS(at->database().write([&](store::Transaction& tx) { return seal_anew(tx, at->keys(), next, done); }));
  TRY(done.old_file, put_in_force(folder, clock.now()));
  return done;
}

}  // namespace answerable::app
