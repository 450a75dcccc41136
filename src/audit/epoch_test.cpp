#include "audit/epoch.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "audit/export.h"
#include "audit/ledger_fixture_test.h"
#include "audit/prove.h"
#include "audit/sealer.h"
#include "audit/verify.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

// A server's life between two restarts is run(); what it signs is remembered in the folder.
struct Fixture : LedgerFixture {
  SignedHeads heads{db.folder() + "/heads"};

  int run(int entries) {
    auto begun = begin_epochs(*db, key.public_key(), heads).value();
    REQUIRE(db->write([&](store::Transaction& tx) -> Status {
      for (int i = 0; i < entries; ++i) {
        clock.advance_ms(1);
        TRY_STATUS(append_entry(
            tx,
            {.workspace = workspace, .actor = {"user", "u", "s"}, .action = "message.note", .object_kind = "message"}));
      }
      return {};
    }));
    Sealer sealer(key, *db, metrics,
                  [this](WorkspaceId ledger, std::string_view note) { REQUIRE(heads.remember(ledger, note)); });
    REQUIRE(sealer.seal(workspace));
    return begun;
  }
  // As a backup knows it that was taken when the ledger had `size` entries and was sealed.
  void restore(std::int64_t size, const std::string& note) {
    auto range = db->query([&](store::Session& session) -> Result<CompactRange> {
                     TRY(auto leaves, leaf_hashes(session, workspace, 0, static_cast<std::uint64_t>(size)));
                     return range_of(leaves);
                   }).value();
    REQUIRE(db->write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(tx.execute("delete from ledger_entries where workspace_id = $1 and seq >= $2", {workspace, size}));
      TRY_STATUS(tx.execute("update ledger_heads set size = $1, epoch = 1 where workspace_id = $2", {size, workspace}));
      TRY_STATUS(tx.execute("delete from ledger_checkpoints where workspace_id = $1", {workspace}));
      TRY_STATUS(tx.execute("delete from ledger_frontiers where workspace_id = $1", {workspace}));
      TRY_STATUS(tx.execute("delete from ledger_anchors"));
      if (note.empty()) return {};
      TRY_STATUS(tx.execute("insert into ledger_checkpoints (workspace_id, size, root, note) values ($1, $2, $3, $4)",
                            {workspace, size, store::Bytes{as_bytes(range.root())}, note}));
      return {};
    }));
  }
  Verification check() {
    return db->query([&](store::Session& session) { return audit::verify(session, workspace, key.public_key()); })
        .value();
  }
  std::string newest() {
    return db->query([&](store::Session& session) { return newest_checkpoint(session, workspace); }).value().value();
  }
  std::string exported() {
    std::string file;
    REQUIRE(db->query([&](store::Session& session) -> Result<int> {
      TRY_STATUS(export_ledger(session, workspace, key, [&](std::string_view piece) -> Status {
        file += piece;
        return {};
      }));
      return 1;
    }));
    return file;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a restart without a restore begins nothing") {
  CHECK(run(3) == 0);
  CHECK(run(3) == 0);
  CHECK(check().epoch == 1);
  CHECK(open_checkpoint(key.public_key(), newest())->ledger == LedgerName(workspace, 1));
}

TEST_CASE_FIXTURE(Fixture, "a restored ledger begins an epoch that names the head that was given up") {
  run(5);
  auto backup = newest();
  run(7);
  auto abandoned = newest();
  restore(5, backup);
  CHECK(run(2) == 1);
  auto found = check();
  CHECK(found.ok);
  CHECK(found.epoch == 2);
  CHECK(found.entries == 5 + 1 + 2);
  CHECK(open_checkpoint(key.public_key(), newest())->ledger == LedgerName(workspace, 2));
  auto entry = db->query([&](store::Session& session) { return entries(session, workspace, 5, 1); }).value().front();
  auto epoch = read_epoch(key.public_key(), decode_entry(entry.encoded).value()).value();
  CHECK(epoch.number == 2);
  CHECK(epoch.abandoned.head.size == 12);
  CHECK(decode_entry(entry.encoded)->details.front().second == abandoned);
  // Whoever holds the abandoned head is told that the ledger does not continue it.
  CHECK(db->query([&](auto& session) { return prove_growth(session, key.public_key(), abandoned); }).error().code ==
        "ledger_forked");
  CHECK(run(1) == 0);
  std::istringstream file(exported());
  auto offline = verify_export(file, key.public_key());
  CHECK(offline.ok);
  CHECK(offline.epoch == 2);
}

TEST_CASE_FIXTURE(Fixture, "a restore from before the first checkpoint and one after another are named too") {
  run(4);
  restore(0, "");
  CHECK(run(1) == 1);
  CHECK(check().epoch == 2);
  run(6);
  restore(0, "");  // to before the first restore: the epochs do not begin again
  CHECK(run(1) == 1);
  CHECK(check().epoch == 3);
  CHECK(check().ok);
}

TEST_CASE_FIXTURE(Fixture, "the power failed before the newest head was remembered: nothing begins") {
  run(3);
  auto older = newest();
  run(3);
  REQUIRE(heads.remember(workspace, older));
  CHECK(run(1) == 0);
  CHECK(check().ok);
}

TEST_CASE_FIXTURE(Fixture, "a ledger whose own checkpoints do not fit is no restore and begins nothing") {
  run(5);
  auto backup = newest();
  run(5);
  restore(5, backup);
  REQUIRE(db->write([&](auto& tx) {
    return tx.execute("update ledger_entries set leaf_hash = $1 where seq = 2", {store::Bytes{"x"}});
  }));
  CHECK(begin_epochs(*db, key.public_key(), heads).value() == 0);
  CHECK(!check().ok);
}

TEST_CASE_FIXTURE(Fixture, "a remembered head that cannot be read or is another's begins nothing") {
  run(2);
  auto other = SigningKey::load_or_create(db.folder() + "/other", "answerable.example").value();
  REQUIRE(heads.remember(workspace, sign_checkpoint(other, workspace, {.size = 9, .root = {}})));
  CHECK(run(0) == 0);
  REQUIRE(heads.remember(workspace, ""));
  CHECK(begin_epochs(*db, key.public_key(), heads).value() == 0);
  REQUIRE(heads.remember(workspace, std::string(note_bytes_max + 5, 'x')));
  CHECK(begin_epochs(*db, key.public_key(), heads).value() == 0);
}

TEST_CASE_FIXTURE(Fixture, "an epoch cannot begin but by the entry that says so, and none without a signed head") {
  run(5);
  auto backup = newest();
  run(5);
  restore(5, backup);
  run(1);
  auto file = exported();
  for (auto [what, by] :
       {std::pair{"detail.epoch=2", "detail.epoch=3"}, std::pair{"action=ledger.epoch", "action=ledger.epoci"}}) {
    auto changed = file;
    auto at = changed.find(what);
    REQUIRE(at != std::string::npos);
    changed.replace(at, std::string_view(what).size(), by);
    std::istringstream stream(changed);
    CHECK(!verify_export(stream, key.public_key()).ok);
  }
  Act act{.workspace = workspace, .actor = {"system", "", ""}, .action = epoch_action};
  CHECK(read_epoch(key.public_key(), act).error().code == "epoch_malformed");
  act.details = {{"abandoned", sign_checkpoint(key, WorkspaceId{}, {.size = 1, .root = {}})}, {"epoch", "2"}};
  CHECK(read_epoch(key.public_key(), act).error().code == "epoch_malformed");
  act.details = {{"abandoned", sign_checkpoint(key, workspace, {.size = 1, .root = {}})}, {"epoch", "2"}};
  CHECK(read_epoch(key.public_key(), act));
}
