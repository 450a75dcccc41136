// Who outside holds a checkpoint of the installation's ledger: a row for each, with the one that was given last.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/merkle.h"
#include "base/clock.h"
#include "store/session.h"

namespace answerable::audit {

struct Holder {
  std::string name;     // "file", "mail", or "witness " and the name in its key
  CompactRange range;   // of what it holds, so that the proof of the next costs only what was added
  std::string note;     // with the witness's cosignature; empty: nothing yet
  Time held_at;         // since when
  std::string problem;  // one English sentence; empty: none
};

Result<std::optional<Holder>> find_holder(store::Session& session, const std::string& name);
Result<std::vector<Holder>> holders(store::Session& session);  // by name
Status save_holder(store::Transaction& tx, const Holder& holder);

}  // namespace answerable::audit
