// The parts that every command shares: keys, database with its schema, blobs, fan-out. Opened in this order, closed in
// reverse.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/configuration.h"
#include "app/keys.h"
#include "audit/signing_key.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "cluster/fanout.h"
#include "store/blob_columns.h"
#include "store/blobs.h"
#include "store/database.h"

namespace answerable::app {

enum class Opening : std::uint8_t {
  create,             // `init`: makes the folder, the keys and the schema; what exists stays
  read_write,         // alone: another process with the data folder open is conflict "database_in_use"
  read_only,          // beside a running server
  replace_key,        // alone, also where the replacement of the installation key was interrupted
  replace_ledger_key  // alone and without the ledger's key: it may be lost, or its replacement interrupted
};

// Every migration of every folder, in the order of the folders' dependencies.
std::vector<store::Migration> all_migrations();
// Every column that holds digests of blobs.
std::vector<store::BlobColumn> all_blob_columns();

class Installation {
 public:
  static Result<std::unique_ptr<Installation>> open(const Configuration& configuration, const Clock& clock,
                                                    Opening opening);
  ~Installation();

  const Configuration& configuration() const { return configuration_; }
  const Clock& clock() const { return clock_; }
  const Keys& keys() const { return keys_; }
  const audit::SigningKey& ledger_key() const { return *ledger_key_; }  // not with replace_ledger_key
  Metrics& metrics() { return metrics_; }
  cluster::Fanout& fanout() { return *fanout_; }
  store::Blobs& blobs() { return *blobs_; }
  store::Database& database() { return *database_; }

 private:
  Installation(const Configuration& configuration, const Clock& clock) : configuration_(configuration), clock_(clock) {}

  Configuration configuration_;
  const Clock& clock_;
  Keys keys_;
  std::optional<audit::SigningKey> ledger_key_;
  Metrics metrics_;
  std::unique_ptr<cluster::Fanout> fanout_;
  std::unique_ptr<store::Blobs> blobs_;
  std::unique_ptr<store::Database> database_;
};

}  // namespace answerable::app
