// One connection of one engine: what GroupWriter and ReaderPool drive, and all that differs between the engines.
// Used by one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "store/database.h"
#include "store/session.h"

namespace answerable::store {

// Why a transaction can no longer be committed.
struct Trouble {
  enum class Kind : std::uint8_t {
    repeat,   // rolled back by the engine through no fault of the jobs: run them again
    refused,  // not now (storage full, server away): tell the callers, go on with the next group
    fatal,    // the storage cannot be trusted any more (failed sync, damage): stop
  };
  Kind kind;
  Error error;
};

class Driver : public Connection {
 public:
  // Opens a transaction: a read-only snapshot on a reader, the write lock on a writer. Reconnects if it has to.
  virtual Status begin() = 0;
  virtual Status commit() = 0;
  // Ends the transaction if there is one. Never fails: what cannot be rolled back is disconnected.
  virtual void rollback() = 0;
  // One level, around one job. Rolling back also ends the savepoint.
  virtual Status savepoint() = 0;
  virtual Status release_savepoint() = 0;
  virtual Status rollback_to_savepoint() = 0;
  // Several statements without parameters: our own migrations, never input.
  virtual Status script(std::string_view sql) = 0;

  // Set by a failing statement or commit, cleared by begin().
  const std::optional<Trouble>& trouble() const { return trouble_; }
  // Whether a statement since mark() may have changed the transaction, so that undoing a job needs a rollback.
  bool changed() const { return changed_; }
  void mark() { changed_ = false; }

  // Between transactions, on the writer only. `idle`: nothing is waiting. Returns whether it wants to be called again
  // when idle. Errors are as grave as a failed commit.
  virtual Result<bool> maintain(bool idle) = 0;
  // Before closing the last writer: leaves the files tidy.
  virtual Status finish() = 0;

 protected:
  std::optional<Trouble> trouble_;
  bool changed_ = false;
};

enum class Role : std::uint8_t { writer, reader };

}  // namespace answerable::store
