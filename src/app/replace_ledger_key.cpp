#include "app/replace_ledger_key.h"

#include <fmt/format.h>
#include <unistd.h>

#include "app/installation.h"
#include "app/key_owner.h"
#include "app/keys.h"
#include "app/replace_key.h"
#include "audit/change_key.h"
#include "audit/sealer.h"
#include "audit/verify.h"

namespace answerable::app {
namespace {

std::string next_path(const std::string& data_dir) { return ledger_key_path(data_dir) + ".next"; }

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Result<audit::SigningKey> load_old(const std::string& data_dir, const audit::PublicKey& known) {
  const auto path = ledger_key_path(data_dir);
  if (!is_there(path))
    return fail(ErrorKind::not_found, "keys_missing",
                fmt::format("{} is missing: restore it from the backup of your keys. If there is none, begin a new "
                            "epoch: answerable keys replace-ledger --unannounced.",
                            path));
  TRY(auto key, audit::SigningKey::load_or_create(path, known.name));
  if (key.public_key() == known) return key;
  return fail(ErrorKind::conflict, "keys_of_another_installation",
              fmt::format("{} is not the key that has signed these ledgers.", path));
}

// What was written since the last checkpoint must still be signed by the old key.
Status seal_all(Installation& at, const audit::SigningKey& key, const std::vector<WorkspaceId>& ledgers) {
  audit::Sealer sealer(key, at.database(), at.metrics());
  for (const auto& workspace : ledgers) TRY_STATUS(sealer.seal(workspace));
  TRY_STATUS(sealer.anchor());
  sealer.stop();
  return {};
}

Status replace(Installation& at, const audit::PublicKey& known, const audit::SigningKey& next, OldKey old_key,
               ReplacedLedgerKey& done) {
  TRY(const auto ledgers, at.database().query([](store::Session& session) { return audit::ledgers(session); }));
  done.ledgers = static_cast<int>(ledgers.size());
  if (old_key == OldKey::is_lost) {
    return at.database().write([&](store::Transaction& tx) -> Status {
      for (const auto& workspace : ledgers) TRY_STATUS(audit::abandon_key(tx, workspace, known, next));
      return hand_over_ledger_key(tx, next.public_key());
    });
  }
  TRY(const auto old, load_old(at.configuration().data_dir, known));
  TRY_STATUS(seal_all(at, old, ledgers));
  return at.database().write([&](store::Transaction& tx) -> Status {
    for (const auto& workspace : ledgers) TRY_STATUS(audit::change_key(tx, workspace, old, next));
    return hand_over_ledger_key(tx, next.public_key());
  });
}

}  // namespace

std::string ledger_key_path(const std::string& data_dir) { return data_dir + "/keys/ledger.key"; }

Status check_no_next_ledger_key(const std::string& data_dir) {
  if (!is_there(next_path(data_dir))) return {};
  return fail(ErrorKind::conflict, "key_half_replaced",
              "The replacement of the ledger's key was interrupted: `answerable keys replace-ledger` ends it.");
}

Result<ReplacedLedgerKey> replace_ledger_key(const Configuration& configuration, const Clock& clock, OldKey old_key) {
  TRY(const auto at, Installation::open(configuration, clock, Opening::replace_ledger_key));
  const auto& folder = configuration.data_dir;
  TRY_STATUS(check_nobody_runs(*at));
  TRY(const auto known,
      at->database().query([&](store::Session& session) { return ledger_key_of(session, at->keys()); }));
  TRY(const auto next, audit::SigningKey::load_or_create(next_path(folder), known.name));
  ReplacedLedgerKey done{.public_key = next.public_key().text()};
  const bool is_committed = next.public_key() == known;  // by a run that was interrupted after its transaction
  if (!is_committed) {
    if (auto status = replace(*at, known, next, old_key, done); !status) {
      // Whether it was committed after all, the database knows; where it does not answer, the next run asks again.
      const auto owner =
          at->database().query([&](store::Session& session) { return ledger_key_of(session, at->keys()); });
      if (owner && *owner == known) ::unlink(next_path(folder).c_str());
      return std::unexpected(std::move(status).error());
    }
  }
  TRY(done.old_file, put_in_force(ledger_key_path(folder), next_path(folder), clock.now()));
  return done;
}

}  // namespace answerable::app
