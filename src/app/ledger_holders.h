// Gives the installation's newest checkpoint to whoever holds it outside: a file, a witness over HTTP, an address by
// mail. What each holds and what was wrong last time stands in the table ledger_holders, for the ledger's screen.
#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "audit/holder_table.h"
#include "audit/key_change.h"
#include "audit/signing_key.h"
#include "audit/witness.h"
#include "base/clock.h"
#include "net/fetch.h"
#include "store/database.h"

namespace answerable::app {

struct Witness {
  audit::WitnessKey key;
  std::string url;  // submission prefix, without the last slash
};
// "KEY URL, KEY URL"; empty: none. Errors: invalid "configuration_value".
Result<std::vector<Witness>> parse_witnesses(std::string_view text);

struct HolderOptions {
  std::string file;  // checkpoints are appended to it; empty: none
  std::vector<Witness> witnesses;
  std::function<Status(const std::string& note)> mail;  // sends one; empty: none
  std::int64_t mail_every_ms = 86'400'000;
  std::string ca_file;  // further roots for witnesses (PEM)
};

class LedgerHolders {
 public:
  LedgerHolders(store::Database& database, const audit::PublicKey& key, const Clock& clock, HolderOptions options)
      : database_(database), key_(key), clock_(clock), options_(std::move(options)) {}

  // Gives each what is new. Blocks while witnesses answer; one caller at a time. A holder that takes nothing has its
  // problem noted and does not keep the others waiting. Errors: those of the database.
  Status give(const std::stop_token& stop);

 private:
  struct Newest {
    std::string note;
    std::uint64_t size = 0;
    std::optional<audit::KeyChange> key_change;  // the last, when the note is signed with the key that it names
  };
  Result<std::optional<Newest>> find_newest(store::Session& session) const;
  Status give_to(const std::string& name, const Newest& newest,
                 const std::function<Result<std::string>(audit::Holder&)>& hand_over);
  Result<std::string> append_to_file(const audit::Holder& holder, const Newest& newest) const;
  Result<std::string> ask_witness(const Witness& witness, audit::Holder& holder, const Newest& newest,
                                  const std::stop_token& stop);
  Result<audit::WitnessAnswer> submit(const Witness& witness, const std::string& note, const std::string& request,
                                      const std::stop_token& stop) const;
  Result<std::vector<Digest>> leaves(std::uint64_t first, std::uint64_t until);

  store::Database& database_;
  audit::PublicKey key_;
  const Clock& clock_;
  HolderOptions options_;
  std::map<std::string, std::int64_t> not_before_ms_;  // monotonic; of those that failed
};

}  // namespace answerable::app
