// What the ledger keeps beside its entries, on both engines: anchors, epochs, holders outside, keys of commitments.
#include <doctest/doctest.h>

#include "audit/anchor.h"
#include "audit/commitment_key.h"
#include "audit/epoch.h"
#include "audit/holder_table.h"
#include "audit/prove.h"
#include "audit/sealer.h"
#include "audit/verify.h"
#include "contract/engines.h"

using namespace answerable;
using contract::Bed;

namespace {

void write_some(store::Database& db, WorkspaceId workspace, int count) {
  REQUIRE(db.write([&](store::Transaction& tx) -> Status {
    for (int i = 0; i < count; ++i)
      TRY_STATUS(audit::append_entry(
          tx,
          {.workspace = workspace, .actor = {"system", "", ""}, .action = "message.note", .object_kind = "message"}));
    return {};
  }));
}

}  // namespace

TEST_CASE("the installation's ledger takes the workspaces' checkpoints, and a restore begins an epoch") {
  contract::on_each_engine({audit::schema()}, [](Bed& bed) {
    store::TemporaryFolder folder;
    auto key = audit::SigningKey::load_or_create(folder.path() + "/key", "answerable.example").value();
    auto workspace = WorkspaceId::make(bed.clock);
    const audit::SignedHeads heads(folder.path() + "/heads");
    auto seal = [&] {
      audit::Sealer sealer(key, bed.db(), bed.metrics,
                           [&](WorkspaceId ledger, std::string_view note) { REQUIRE(heads.remember(ledger, note)); });
      REQUIRE(sealer.seal(workspace));
      REQUIRE(sealer.anchor());
    };
    write_some(bed.db(), workspace, 9);
    seal();
    auto proof = bed.db().query(
        [&](store::Session& session) { return audit::prove_entry(session, key.public_key(), workspace, 8); });
    CHECK(proof->find("c2sp.org/tlog-proof@v1", 1) != std::string::npos);
    CHECK(audit::begin_epochs(bed.db(), key.public_key(), heads).value() == 0);
    REQUIRE(bed.db().write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(tx.execute("delete from ledger_entries where workspace_id = $1 and seq >= 4", {workspace}));
      TRY_STATUS(tx.execute("update ledger_heads set size = 4 where workspace_id = $1", {workspace}));
      TRY_STATUS(tx.execute("delete from ledger_checkpoints where workspace_id = $1", {workspace}));
      TRY_STATUS(tx.execute("delete from ledger_frontiers where workspace_id = $1", {workspace}));
      return {};
    }));
    CHECK(audit::begin_epochs(bed.db(), key.public_key(), heads).value() == 1);
    seal();
    auto found =
        bed.db().query([&](store::Session& session) { return audit::verify(session, workspace, key.public_key()); });
    CHECK(found->ok);
    CHECK(found->epoch == 2);
    CHECK(found->signed_entries == 5);
  });
}

TEST_CASE("a holder is kept with what it holds, and a person's key until it is destroyed") {
  contract::on_each_engine({audit::schema()}, [](Bed& bed) {
    audit::Holder holder{.name = "witness w", .range = {}, .note = "n", .held_at = bed.clock.now(), .problem = "p"};
    for (int i = 0; i < 5; ++i) holder.range.append(audit::hash_leaf("x"));
    for (int i = 0; i < 2; ++i)
      REQUIRE(bed.db().write([&](store::Transaction& tx) { return audit::save_holder(tx, holder); }));
    auto list = bed.db().query([](store::Session& session) { return audit::holders(session); }).value();
    REQUIRE(list.size() == 1);
    CHECK(list[0].range.root() == holder.range.root());
    CHECK(list[0].held_at == holder.held_at);
    CHECK(list[0].problem == "p");
    auto workspace = WorkspaceId::make(bed.clock);
    auto key = [&] {
      return bed.db()
          .write([&](store::Transaction& tx) { return audit::commitment_key(tx, workspace, "ann"); })
          .value();
    };
    auto first = key();
    CHECK(key() == first);
    REQUIRE(bed.db().write([&](store::Transaction& tx) { return audit::shred_commitment_key(tx, workspace, "ann"); }));
    CHECK(key() != first);
  });
}
