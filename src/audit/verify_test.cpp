#include "audit/verify.h"

#include <doctest/doctest.h>

#include <sstream>

#include "audit/entry.h"
#include "audit/export.h"
#include "audit/frontier.h"
#include "audit/ledger_fixture_test.h"
#include "audit/sealer.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

// A ledger of 50 entries, sealed after 20 and after 50 (the first of these is replaced: both lie within 256).
struct Fixture : LedgerFixture {
  Fixture() { sealer.stop(); }  // its thread: what is sealed and anchored, the tests say
  Sealer sealer{key, *db, metrics};

  void append(int count) {
    auto done = db->write([&](store::Transaction& tx) -> Result<int> {
      for (int i = 0; i < count; ++i) {
        clock.advance_ms(1);
        TRY_STATUS(append_entry(tx, {.workspace = workspace,
                                     .actor = {"user", "u" + std::to_string(i), "s"},
                                     .action = "message.note",
                                     .object_kind = "message",
                                     .object_id = std::to_string(i),
                                     .details = {{"recipients", std::to_string(i * 100)}}}));
      }
      return 1;
    });
    REQUIRE(done);
  }
  void make_ledger() {
    append(20);
    REQUIRE(sealer.seal(workspace));
    append(30);
    REQUIRE(sealer.seal(workspace));
  }
  std::vector<Entry> all_entries() {
    return db->query([&](store::Session& session) { return entries(session, workspace, 0, 1'000); }).value();
  }
  Verification check() {
    return db->query([&](store::Session& session) { return audit::verify(session, workspace, key.public_key()); })
        .value();
  }
  // What verify() says after `change`, which is then undone.
  Verification after(const std::function<void(store::Transaction&)>& change) {
    Verification found;
    auto undone = db->write([&](store::Transaction& tx) -> Result<int> {
      change(tx);
      CHECK(!tx.failure());
      TRY(found, audit::verify(tx, workspace, key.public_key()));
      return fail(ErrorKind::conflict, "undo");
    });
    CHECK(undone.error().code == "undo");
    return found;
  }
  bool detected(const std::function<void(store::Transaction&)>& change) {
    auto found = after(change);
    return !found.ok && found.first_bad && !found.first_bad->reason.empty();
  }
  std::string exported() {
    std::string file;
    auto done = db->query([&](store::Session& session) -> Result<int> {
      TRY_STATUS(export_ledger(session, workspace, key, [&](std::string_view piece) -> Status {
        file += piece;
        return {};
      }));
      return 1;
    });
    REQUIRE(done);
    return file;
  }
  Verification check_file(const std::string& file) {
    std::istringstream stream(file);
    return verify_export(stream, key.public_key());
  }
};

char flip(char byte, int bit) { return static_cast<char>(byte ^ (1 << bit)); }

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an honest ledger is found whole at every size") {
  CHECK(check().ok);
  for (int i = 0; i < 40; ++i) {
    append(1 + i % 3);
    if (i % 4 != 3) REQUIRE(sealer.seal(workspace));
    auto found = check();
    CHECK(found.ok);
    CHECK(found.entries == static_cast<std::int64_t>(all_entries().size()));
    CHECK(check_file(exported()).ok);
  }
  CHECK(check().signed_entries < check().entries);
  sealer.stop();
  CHECK(check().ok);
}

TEST_CASE_FIXTURE(Fixture, "a ledger of many checkpoints keeps one of each 256 entries and the newest") {
  for (int i = 0; i < 60; ++i) {
    append(20);
    REQUIRE(sealer.seal(workspace));
  }
  auto found = check();
  CHECK(found.ok);
  CHECK(found.entries == 1'200);
  CHECK(found.signed_entries == 1'200);
  CHECK(found.checkpoints == 5);
}

TEST_CASE_FIXTURE(Fixture, "every flipped byte of every stored entry is found, and the entry named") {
  make_ledger();
  auto stored = all_entries();
  LedgerCheck check(workspace, key.public_key());
  for (const auto& entry : stored) {
    auto caught = [&](const Entry& changed) {
      auto copy = check;
      return !copy.stored_entry(changed) && copy.result().first_bad->seq == entry.seq;
    };
    for (std::size_t i = 0; i < entry.encoded.size(); ++i) {
      auto changed = entry;
      changed.encoded[i] = flip(changed.encoded[i], static_cast<int>(i % 8));
      REQUIRE(caught(changed));
    }
    for (std::size_t i = 0; i < entry.leaf_hash.size(); ++i) {
      auto changed = entry;
      changed.leaf_hash[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
      REQUIRE(caught(changed));
    }
    for (int bit = 0; bit < 64; ++bit) {
      auto changed = entry;
      changed.at.ms ^= std::int64_t{1} << bit;
      CHECK(caught(changed));
      changed = entry;
      changed.seq ^= std::int64_t{1} << bit;
      CHECK(caught(changed));
    }
    REQUIRE(check.stored_entry(entry));
  }
}

TEST_CASE_FIXTURE(Fixture, "every flipped bit of a small ledger is found") {
  append(4);
  LedgerCheck check(workspace, key.public_key());
  for (const auto& entry : all_entries()) {
    for (std::size_t bit = 0; bit < entry.encoded.size() * 8; ++bit) {
      auto changed = entry;
      changed.encoded[bit / 8] = flip(changed.encoded[bit / 8], static_cast<int>(bit % 8));
      auto copy = check;
      REQUIRE(!copy.stored_entry(changed));
      // Also when the one who changed it has put the leaf hash right and the bytes are canonical: a checkpoint tells.
      changed.leaf_hash = hash_leaf(changed.encoded);
      copy = check;
      if (copy.stored_entry(changed))
        CHECK(copy.range().root() != [&] {
          auto honest = check;
          honest.stored_entry(entry);
          return honest.range().root();
        }());
    }
    REQUIRE(check.stored_entry(entry));
  }
}

TEST_CASE_FIXTURE(Fixture, "a changed row of the database is found, whichever table and column it is in") {
  make_ledger();
  auto stored = all_entries();
  for (std::int64_t seq : {0, 19, 20, 49}) {
    auto bytes = stored[static_cast<std::size_t>(seq)].encoded;
    bytes[100] = flip(bytes[100], 1);
    CHECK(after([&](auto& tx) {
            CHECK(tx.execute("update ledger_entries set encoded = $1 where seq = $2", {store::Bytes{bytes}, seq}));
          }).first_bad->seq == seq);
    CHECK(after([&](auto& tx) {
            CHECK(tx.execute("update ledger_entries set at = at + 1 where seq = $1", {seq}));
          }).first_bad->seq == seq);
    CHECK(after([&](auto& tx) {
            CHECK(tx.execute("update ledger_entries set seq = 777 where seq = $1", {seq}));
          }).first_bad->seq == seq);
    CHECK(after([&](auto& tx) {
            CHECK(tx.execute("update ledger_entries set workspace_id = $1 where seq = $2",
                             {WorkspaceId::make(clock), seq}));
          }).first_bad->seq == seq);
    CHECK(after([&](auto& tx) {
            CHECK(tx.execute("update ledger_entries set leaf_hash = $1", {store::Bytes{"x"}}));
          }).first_bad->seq == 0);
  }
  auto note = sign_checkpoint(key, workspace, {.size = 50, .root = {}});
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_checkpoints set note = $1", {note})); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_checkpoints set note = note || 'x'")); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_checkpoints set size = size - 1")); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_checkpoints set size = size + 1")); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_checkpoints set root = $1", {store::Bytes{"x"}})); }));
  auto other = WorkspaceId::make(clock);
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_checkpoints set workspace_id = $1", {other})); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("delete from ledger_checkpoints")); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_heads set size = size - 1")); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_heads set size = size + 1")); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_heads set workspace_id = $1", {other})); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_frontiers set size = size - 1")); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("update ledger_frontiers set hashes = $1", {store::Bytes{"x"}})); }));
  CHECK(detected([&](auto& tx) { CHECK(tx.execute("delete from ledger_frontiers")); }));
  CHECK(check().ok);
}

TEST_CASE_FIXTURE(Fixture, "a deleted, inserted or swapped entry and a cut-off end are found, and the entry named") {
  make_ledger();
  for (std::int64_t seq : {0, 7, 48, 49}) {
    CHECK(after([&](auto& tx) {
            CHECK(tx.execute("delete from ledger_entries where seq = $1", {seq}));
          }).first_bad->seq == seq);
  }
  // Deleted and closed up again, with the head put right.
  CHECK(after([&](auto& tx) {
          CHECK(tx.execute("delete from ledger_entries where seq = 7"));
          for (int seq = 8; seq < 50; ++seq)
            CHECK(tx.execute("update ledger_entries set seq = $1 where seq = $2", {seq - 1, seq}));
          CHECK(tx.execute("update ledger_heads set size = 49"));
        }).first_bad->seq == 7);
  CHECK(after([&](auto& tx) {
          CHECK(
              tx.execute("insert into ledger_entries (workspace_id, seq, at, encoded, leaf_hash)"
                         " select workspace_id, 50, at, encoded, leaf_hash from ledger_entries where seq = 3"));
        }).first_bad->seq == 50);
  CHECK(after([&](auto& tx) {
          CHECK(tx.execute("update ledger_entries set seq = 1000 where seq = 5"));
          CHECK(tx.execute("update ledger_entries set seq = 5 where seq = 6"));
          CHECK(tx.execute("update ledger_entries set seq = 6 where seq = 1000"));
        }).first_bad->seq == 5);
  // The end cut off, with the head put right: the checkpoint remembers.
  CHECK(after([&](auto& tx) {
          CHECK(tx.execute("delete from ledger_entries where seq >= 45"));
          CHECK(tx.execute("update ledger_heads set size = 45"));
        }).first_bad->seq == 45);
}

TEST_CASE_FIXTURE(Fixture,
                  "a whole history rewritten without the key is found at the first entry that no checkpoint covers") {
  make_ledger();
  auto original = all_entries()[30];
  auto found = after([&](auto& tx) {
    auto act = decode_entry(original.encoded).value();
    act.object_id = "another";
    auto bytes = encode_entry(act, 30, original.at).value();
    CHECK(tx.execute("update ledger_entries set encoded = $1, leaf_hash = $2 where seq = 30",
                     {store::Bytes{bytes}, store::Bytes{as_bytes(hash_leaf(bytes))}}));
  });
  REQUIRE(found.first_bad);
  CHECK(found.first_bad->reason.find("another root") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "another key does not verify") {
  make_ledger();
  auto other = SigningKey::load_or_create(db.folder() + "/other", "answerable.example").value();
  auto found = db->query([&](auto& session) { return audit::verify(session, workspace, other.public_key()); }).value();
  CHECK(!found.ok);
}

TEST_CASE_FIXTURE(Fixture, "the sealer signs nothing that does not continue what it signed") {
  make_ledger();
  append(1);
  REQUIRE(db->write([&](auto& tx) { return tx.execute("delete from ledger_entries where seq = 10"); }));
  REQUIRE(
      db->write([&](auto& tx) { return tx.execute("update ledger_frontiers set hashes = $1", {store::Bytes{""}}); }));
  CHECK(sealer.seal(workspace).error().code == "ledger_broken");
  CHECK(metrics.gauge("answerable_ledger_broken", "").value() == 1);
  CHECK(check().signed_entries == 0);
}

TEST_CASE_FIXTURE(Fixture, "the sealer recovers from a lost cache, and a new one seals what the old one left") {
  make_ledger();
  append(5);
  REQUIRE(db->write([&](auto& tx) { return tx.execute("delete from ledger_frontiers"); }));
  {
    Sealer next(key, *db, metrics);
    next.stop();
  }
  auto found = check();
  CHECK(found.ok);
  CHECK(found.signed_entries == 55);
}

TEST_CASE_FIXTURE(Fixture, "an export verifies offline, and no byte of it can be changed or left out") {
  make_ledger();
  append(1);
  auto file = exported();
  auto found = check_file(file);
  CHECK(found.ok);
  CHECK(found.entries == 51);
  CHECK(found.signed_entries == 51);  // the last one by a checkpoint that stands in the file only
  CHECK(found.checkpoints == 2);
  for (std::size_t i = 0; i < file.size(); i += 5) {
    auto changed = file;
    changed[i] = flip(changed[i], static_cast<int>(i % 7));
    REQUIRE(!check_file(changed).ok);
    REQUIRE(!check_file(file.substr(0, i)).ok);
  }
  CHECK(!check_file(file + "x").ok);
  CHECK(!check_file("").ok);
}

TEST_CASE_FIXTURE(Fixture, "an entry that is changed in an export is named, whatever checkpoint covers it") {
  make_ledger();
  append(1);
  auto file = exported();
  for (int seq : {0, 7, 49, 50}) {
    auto changed = file;
    auto at = changed.find("action=", changed.find("\nseq=" + std::to_string(seq) + "\n"));
    changed[at + 7] = changed[at + 7] == 'x' ? 'y' : 'x';
    auto found = check_file(changed);
    REQUIRE(found.first_bad);
    CHECK(found.first_bad->seq == seq);
  }
}
