// A database with nothing but the ledger in it, one workspace, and the key that signs.
#pragma once

#include "audit/ledger.h"
#include "audit/signing_key.h"
#include "store/testing.h"

namespace answerable::audit {

struct LedgerFixture {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase db = store::open_temporary(clock, metrics, {schema()});
  WorkspaceId workspace = WorkspaceId::make(clock);
  SigningKey key = SigningKey::load_or_create(db.folder() + "/key", "answerable.example").value();
};

}  // namespace answerable::audit
