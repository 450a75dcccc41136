#include "audit/prove.h"

#include <doctest/doctest.h>

#include "audit/anchor.h"
#include "audit/ledger_fixture_test.h"
#include "audit/proof_file.h"
#include "audit/sealer.h"
#include "audit/verify.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

struct Fixture : LedgerFixture {
  Sealer sealer{key, *db, metrics};

  Fixture() { sealer.stop(); }  // its thread: what is sealed and anchored, the tests say
  void append(int count) {
    REQUIRE(db->write([&](store::Transaction& tx) -> Status {
      for (int i = 0; i < count; ++i) {
        TRY_STATUS(append_entry(tx, {.workspace = workspace,
                                     .actor = {"user", "u", "s"},
                                     .action = "message.note",
                                     .object_kind = "message",
                                     .object_id = std::to_string(i)}));
      }
      return {};
    }));
    REQUIRE(sealer.seal(workspace));
  }
  Result<std::string> prove(std::int64_t seq) {
    return db->query([&](store::Session& session) { return prove_entry(session, key.public_key(), workspace, seq); });
  }
  Result<std::string> prove_since(const std::string& held) {
    return db->query([&](store::Session& session) { return prove_growth(session, key.public_key(), held); });
  }
  std::string newest(WorkspaceId ledger) {
    return db->query([&](store::Session& session) { return newest_checkpoint(session, ledger); }).value().value();
  }
  std::int64_t entries_of(WorkspaceId ledger) {
    return db->query([&](store::Session& session) { return entry_count(session, ledger); }).value();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "every entry is proved by a file that is enough with the public key") {
  append(13);
  for (int seq = 0; seq < 13; ++seq) {
    auto proven = open_inclusion_file(key.public_key(), prove(seq).value());
    REQUIRE(proven);
    CHECK(proven->seq == seq);
    CHECK(proven->checkpoint.head.size == 13);
    CHECK(decode_entry(proven->entry)->object_id == std::to_string(seq));
  }
  CHECK(prove(13).error().code == "entry_not_found");
  CHECK(prove(-1).error().code == "entry_not_found");
}

TEST_CASE_FIXTURE(Fixture, "no bit of a proof can be changed, and no byte left out or added") {
  append(5);
  auto file = prove(3).value();
  for (std::size_t i = 0; i < file.size(); ++i) {
    auto changed = file;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    REQUIRE(!open_inclusion_file(key.public_key(), changed));
    REQUIRE(!open_inclusion_file(key.public_key(), file.substr(0, i)));
  }
  CHECK(!open_inclusion_file(key.public_key(), file + "\n"));
  auto other = SigningKey::load_or_create(db.folder() + "/other", "answerable.example").value();
  CHECK(open_inclusion_file(other.public_key(), file).error().code == "checkpoint_signature");
}

TEST_CASE_FIXTURE(Fixture, "an entry that is not under a checkpoint yet is proved once it is") {
  append(1);
  REQUIRE(db->write([&](store::Transaction& tx) {
    return append_entry(
        tx, {.workspace = workspace, .actor = {"user", "u", "s"}, .action = "message.note", .object_kind = "message"});
  }));
  CHECK(prove(1).error().code == "entry_not_sealed");
  REQUIRE(sealer.seal(workspace));
  CHECK(prove(1));
}

TEST_CASE_FIXTURE(Fixture, "whoever holds a checkpoint can be shown that the ledger continues it") {
  append(3);
  auto held = newest(workspace);
  CHECK(open_growth_file(key.public_key(), held, prove_since(held).value())->head.size == 3);
  append(9);
  auto file = prove_since(held).value();
  CHECK(open_growth_file(key.public_key(), held, file)->head.size == 12);
  for (std::size_t i = 0; i < file.size(); ++i) {
    auto changed = file;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    REQUIRE(!open_growth_file(key.public_key(), held, changed));
    REQUIRE(!open_growth_file(key.public_key(), held, file.substr(0, i)));
  }
  CHECK(open_growth_file(key.public_key(), newest(workspace), file).error().code == "proof_wrong");
}

TEST_CASE_FIXTURE(Fixture, "a ledger that does not continue the checkpoint that somebody holds is called forked") {
  append(6);
  auto forged = sign_checkpoint(key, workspace, {.size = 4, .root = hash_leaf("another")});
  CHECK(prove_since(forged).error().code == "ledger_forked");
  auto ahead = sign_checkpoint(key, workspace, {.size = 7, .root = hash_leaf("another")});
  CHECK(prove_since(ahead).error().code == "ledger_forked");
  REQUIRE(db->write([&](auto& tx) {
    return tx.execute("update ledger_entries set leaf_hash = $1 where seq = 2", {store::Bytes{"x"}});
  }));
  CHECK(prove_since(sign_checkpoint(key, workspace, {.size = 1, .root = {}})).error().code == "ledger_broken");
  CHECK(prove(0).error().code == "ledger_broken");
}

TEST_CASE_FIXTURE(Fixture, "the installation's ledger holds the newest checkpoint of each workspace, once") {
  append(4);
  REQUIRE(sealer.anchor());
  REQUIRE(sealer.anchor());
  CHECK(entries_of({}) == 1);
  append(2);
  REQUIRE(sealer.anchor());
  CHECK(entries_of({}) == 2);
  auto anchor = db->query([&](auto& session) { return find_anchor(session, workspace); }).value().value();
  CHECK(anchor.size == 6);
  CHECK(anchor.seq == 1);
  CHECK(anchor.note == newest(workspace));
  CHECK(db->query([&](auto& session) { return verify(session, WorkspaceId{}, key.public_key()); })->ok);
}

TEST_CASE_FIXTURE(Fixture, "an entry under an anchored checkpoint is proved up to the installation's checkpoint") {
  append(4);
  REQUIRE(sealer.anchor());
  append(1);
  auto file = prove(3).value();
  auto second = file.find(inclusion_first_line, 1);
  REQUIRE(second != std::string::npos);
  auto below = open_inclusion_file(key.public_key(), file.substr(0, second)).value();
  auto above = open_inclusion_file(key.public_key(), file.substr(second)).value();
  CHECK(below.checkpoint.head.size == 4);
  CHECK(above.checkpoint.ledger.workspace.is_nil());
  CHECK(decode_entry(above.entry)->details.front().second == below.note);
  CHECK(prove(4)->find(inclusion_first_line, 1) == std::string::npos);  // not anchored yet
}
