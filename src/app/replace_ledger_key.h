// Replaces the key that signs the ledgers, with the server stopped: everything is sealed under the old key, an entry in
// each ledger names the new one (audit/change_key.h), and from then on checkpoints are signed with it. Interrupted at
// any moment it can be run again and ends what it began.
#pragma once

#include <cstdint>
#include <string>

#include "app/configuration.h"
#include "base/clock.h"
#include "base/result.h"

namespace answerable::app {

enum class OldKey : std::uint8_t {
  announces,  // it is at hand and nobody else's: it signs the change, and who has its public key can follow
  is_lost     // or known to others: a new epoch begins, and who has its public key must be given the new one
};

struct ReplacedLedgerKey {
  int ledgers = 0;
  std::string public_key;  // the new one, to be given to whoever checks the ledger
  std::string old_file;    // empty: there was none
};

// Errors: those of opening; conflict "nodes_run", "keys_of_another_installation"; not_found "keys_missing" when the old
// key shall announce and is not there; internal "ledger_broken": nothing has changed then.
Result<ReplacedLedgerKey> replace_ledger_key(const Configuration& configuration, const Clock& clock, OldKey old_key);

std::string ledger_key_path(const std::string& data_dir);
// Errors: conflict "key_half_replaced".
Status check_no_next_ledger_key(const std::string& data_dir);

}  // namespace answerable::app
