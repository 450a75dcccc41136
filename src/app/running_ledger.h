// The ledger while the server runs: a new epoch after a restore, a checkpoint within a second of activity, and the
// installation's newest checkpoint given to whoever holds it outside.
#pragma once

#include <memory>
#include <optional>

#include "app/housekeeper.h"
#include "app/installation.h"
#include "app/ledger_holders.h"
#include "audit/epoch.h"
#include "audit/sealer.h"
#include "channels/email/smtp_carrier.h"
#include "cluster/fanout.h"

namespace answerable::app {

class RunningLedger {
 public:
  struct Options {
    std::optional<channels::Relay> relay;  // for ledger.mail_to
    Housekeeper::HasDuty has_duty;
    audit::OnRestored on_restored;
  };
  // To be called before anything else of this node writes. Errors: those of the database; invalid "configuration_value"
  // when a letter is wanted and there is no relay.
  static Result<std::unique_ptr<RunningLedger>> start(Installation& installation, Options options);
  // Seals what was written; to be called when nobody writes any more.
  void stop();

 private:
  RunningLedger(Installation& installation, HolderOptions options, Housekeeper::HasDuty has_duty);

  audit::SignedHeads heads_;
  audit::Sealer sealer_;
  std::unique_ptr<cluster::Subscription> on_wake_;
  LedgerHolders holders_;
  std::unique_ptr<Housekeeper> housekeeper_;
};

}  // namespace answerable::app
