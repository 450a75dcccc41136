// For the actions of this folder: statements and ledger entries whose number is of no interest.
#pragma once

#include "audit/ledger.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline Status run(store::Transaction& tx, store::Sql sql, store::Values values) {
  TRY(const auto changed, tx.execute(sql, values));
  static_cast<void>(changed);
  return {};
}

inline Status record(store::Transaction& tx, const audit::Act& act) {
  TRY(const auto seq, audit::append_entry(tx, act));
  static_cast<void>(seq);
  return {};
}

}  // namespace answerable::access
