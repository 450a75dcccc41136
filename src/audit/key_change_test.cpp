#include "audit/key_change.h"

#include <doctest/doctest.h>

#include <sstream>

#include "audit/change_key.h"
#include "audit/epoch.h"
#include "audit/export.h"
#include "audit/ledger_fixture_test.h"
#include "audit/proof_file.h"
#include "audit/prove.h"
#include "audit/sealer.h"
#include "audit/verify.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

// A ledger under one key after another; each key lives in a file of its own.
struct Fixture : LedgerFixture {
  SigningKey second = make("second"), third = make("third");

  SigningKey make(const std::string& name) {
    return SigningKey::load_or_create(db.folder() + "/" + name, "answerable.example").value();
  }
  Status act(int count) {
    return db->write([&](store::Transaction& tx) -> Status {
      for (int i = 0; i < count; ++i)
        TRY_STATUS(append_entry(
            tx,
            {.workspace = workspace, .actor = {"user", "u", "s"}, .action = "message.note", .object_kind = "message"}));
      return {};
    });
  }
  Status seal(const SigningKey& by) {
    Sealer sealer(by, *db, metrics);
    sealer.stop();
    return sealer.seal(workspace);
  }
  void grow(int count, const SigningKey& by) {
    REQUIRE(act(count));
    REQUIRE(seal(by));
  }
  // In every ledger: the sealer enters checkpoints into the installation's.
  void replace(const SigningKey& from, const SigningKey& to) {
    REQUIRE(db->write([&](store::Transaction& tx) -> Status {
      TRY(const auto all, ledgers(tx));
      for (const auto& ledger : all) TRY_STATUS(change_key(tx, ledger, from, to));
      return {};
    }));
  }
  void abandon(const SigningKey& from, const SigningKey& to) {
    REQUIRE(db->write([&](store::Transaction& tx) -> Status {
      TRY(const auto all, ledgers(tx));
      for (const auto& ledger : all) TRY_STATUS(abandon_key(tx, ledger, from.public_key(), to));
      return {};
    }));
  }
  // Five entries by the first key, the change, two by the second.
  void make_two() {
    grow(5, key);
    replace(key, second);
    grow(2, second);
  }
  // The same where the first key was lost: the entry of the epoch and that of the key.
  void make_lost() {
    grow(5, key);
    abandon(key, second);
    grow(2, second);
  }
  Verification check(const SigningKey& by) {
    return db->query([&](store::Session& session) { return audit::verify(session, workspace, by.public_key()); })
        .value();
  }
  std::string newest() {
    return db->query([&](store::Session& session) { return newest_checkpoint(session, workspace); }).value().value();
  }
  std::string exported(const SigningKey& by) {
    std::string file;
    REQUIRE(db->query([&](store::Session& session) -> Result<int> {
      TRY_STATUS(export_ledger(session, workspace, by, [&](std::string_view piece) -> Status {
        file += piece;
        return {};
      }));
      return 1;
    }));
    return file;
  }
  std::string proof_of(std::int64_t seq) {
    return db->query([&](store::Session& session) { return prove_entry(session, second.public_key(), workspace, seq); })
        .value();
  }
  Result<std::string> growth_since(const std::string& held) {
    return db->query([&](store::Session& session) { return prove_growth(session, second.public_key(), held); });
  }
  std::string change_note() {
    return db->query([&](store::Session& session) { return keys_of(session, workspace, key.public_key()); })
        .value()
        .changes()
        .at(0)
        .note;
  }
};

Verification read(const std::string& file, const SigningKey& by, std::string_view held = {}) {
  std::istringstream stream(file);
  return verify_export(stream, by.public_key(), held);
}

std::string reason(const Verification& found) { return found.first_bad ? found.first_bad->reason : "intact"; }

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a ledger goes on under a new key, and whoever has either key finds it intact") {
  make_two();
  for (const auto* by : {&key, &second}) {
    CHECK(reason(check(*by)) == "intact");
    CHECK(check(*by).signed_entries == 8);
    CHECK(check(*by).epoch == 1);
    CHECK(reason(read(exported(second), *by)) == "intact");
  }
  CHECK(reason(read(exported(second), third)) == "The ledger was signed with other keys than this one.");
}

TEST_CASE_FIXTURE(Fixture, "after two changes of the key whoever has any of the three follows") {
  make_two();
  replace(second, third);
  grow(1, third);
  for (const auto* by : {&key, &second, &third}) CHECK(reason(read(exported(third), *by)) == "intact");
}

TEST_CASE_FIXTURE(Fixture, "the sealer signs with the key that the entries name, and with no other") {
  make_two();
  REQUIRE(act(1));
  CHECK(seal(key).error().code == "ledger_broken");
  CHECK(seal(third).error().code == "key_unknown");
  CHECK(seal(second));
}

TEST_CASE_FIXTURE(Fixture, "entries and growth over a change of the key are proved to whoever has either key") {
  grow(5, key);
  const auto held = newest();
  replace(key, second);
  grow(2, second);
  const auto growth = growth_since(held).value();
  for (const auto* by : {&key, &second}) {
    for (const int seq : {0, 5, 7}) CHECK(open_entry_proof(by->public_key(), proof_of(seq))->front().seq == seq);
    CHECK(open_growth_file(by->public_key(), held, growth)->head.size == 8);
  }
  CHECK(open_entry_proof(third.public_key(), proof_of(0)).error().code == "key_unknown");
  CHECK(open_growth_file(third.public_key(), held, growth).error().code == "key_unknown");
  // Without the change behind it the old key says nothing of the new one's signature.
  const auto bare = growth.substr(0, growth.find(key_change_first_line));
  CHECK(open_growth_file(key.public_key(), held, bare).error().code == "checkpoint_signature");
  CHECK(reason(read(exported(second), key, held)) == "intact");
  CHECK(reason(read(exported(second), second, held)) == "intact");
}

TEST_CASE_FIXTURE(Fixture, "a proof over the installation's ledger is followed over a change of the key in both") {
  make_two();
  Sealer sealer(second, *db, metrics);
  sealer.stop();
  REQUIRE(sealer.anchor());
  for (const auto* by : {&key, &second}) {
    const auto chain = open_entry_proof(by->public_key(), proof_of(2)).value();
    REQUIRE(chain.size() == 2);
    CHECK(chain[1].checkpoint.ledger.workspace.is_nil());
  }
  // Of the changes behind it, each ledger's own is needed.
  const auto file = proof_of(2);
  const auto first = file.find(key_change_first_line);
  const auto second_change = file.find(key_change_first_line, first + 1);
  REQUIRE(second_change != std::string::npos);
  CHECK_FALSE(open_entry_proof(key.public_key(), file.substr(0, second_change)));
  CHECK_FALSE(open_entry_proof(key.public_key(), file.substr(0, first) + file.substr(second_change)));
}

TEST_CASE_FIXTURE(Fixture, "a key that the old one has not signed is believed only by who was given it") {
  make_lost();
  CHECK(reason(check(second)) == "intact");
  CHECK(check(second).epoch == 2);
  CHECK(reason(read(exported(second), second)) == "intact");
  CHECK(reason(check(key)).starts_with("The ledger's key was replaced without the signature"));
  CHECK(reason(read(exported(second), key)).starts_with("The ledger's key was replaced without the signature"));
  CHECK(open_entry_proof(key.public_key(), proof_of(0)).error().code == "key_change_unannounced");
  CHECK(open_entry_proof(second.public_key(), proof_of(0)));
}

TEST_CASE_FIXTURE(Fixture,
                  "a lost key's last head is named by the epoch that begins, and nobody grows from it unseen") {
  grow(5, key);
  const auto held = newest();
  abandon(key, second);
  grow(1, second);
  const auto entry = db->query([&](store::Session& session) { return entries(session, workspace, 5, 1); }).value()[0];
  const auto keys =
      db->query([&](store::Session& session) { return keys_of(session, workspace, second.public_key()); }).value();
  CHECK(read_epoch(keys, decode_entry(entry.encoded).value())->abandoned.head.size == 5);
  CHECK(growth_since(held).error().code == "ledger_forked");
}

TEST_CASE_FIXTURE(Fixture, "an unannounced key in the epoch of the old one is refused by everybody") {
  grow(5, key);
  const auto range = check(key);
  const auto note = declare_key(workspace, {5, range.root}, key.public_key(), second);
  REQUIRE(db->write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(append_entry(tx, {.workspace = workspace,
                                 .actor = {"operator", "", ""},
                                 .action = key_action,
                                 .object_kind = "ledger",
                                 .object_id = workspace.text(),
                                 .details = {{"announcement", note}}}));
    TRY_STATUS(
        tx.execute("insert into ledger_key_changes (workspace_id, seq, note) values ($1, 5, $2)", {workspace, note}));
    return {};
  }));
  CHECK(reason(check(second)) == "The entry changes the key without the signature of the old one, in the same epoch.");
}

TEST_CASE_FIXTURE(Fixture, "a change of the key that is changed itself does not open") {
  make_two();
  const auto note = change_note();
  REQUIRE(open_key_change(note)->is_announced);
  for (std::size_t at = 0; at < note.size(); ++at) {
    auto other = note;
    other[at] = static_cast<char>(other[at] ^ 1);
    CAPTURE(at);
    const auto opened = open_key_change(other);
    // Only the old key's line may be another's: then the change is not announced, and has one line too many.
    CHECK_FALSE(opened);
  }
  const auto blank = note.find("\n\n") + 2;
  const auto second_line = note.find('\n', blank) + 1;
  const auto old_line = note.substr(blank, second_line - blank), new_line = note.substr(second_line);
  CHECK_FALSE(open_key_change(note.substr(0, blank) + new_line + old_line));  // in the other order
  CHECK_FALSE(open_key_change(note.substr(0, blank) + old_line));             // the new key does not agree
  CHECK_FALSE(open_key_change(note + new_line));
  CHECK_FALSE(open_key_change(note.substr(0, blank) + new_line)->is_announced);
}

TEST_CASE_FIXTURE(Fixture, "a change of the key stands once, in its ledger, at its place") {
  make_two();
  const auto note = change_note();
  const auto change = open_key_change(note).value();
  const auto again = LedgerKeys::of(key.public_key(), {change, change});
  CHECK(again.error().code == "key_change_malformed");
  // Back to a key that was given up.
  const auto back = open_key_change(announce_key(workspace, {9, {}}, second, key)).value();
  CHECK(LedgerKeys::of(key.public_key(), {change, back}).error().code == "key_change_malformed");
  // In the other order, and of another ledger.
  const auto next = open_key_change(announce_key(workspace, {9, {}}, second, third)).value();
  CHECK(LedgerKeys::of(key.public_key(), {change, next}));
  CHECK(LedgerKeys::of(key.public_key(), {next, change}).error().code == "key_change_malformed");
  const auto foreign = open_key_change(announce_key(WorkspaceId::make(clock), {9, {}}, second, third)).value();
  CHECK(LedgerKeys::of(key.public_key(), {change, foreign}).error().code == "key_change_malformed");
  const auto earlier = open_key_change(announce_key(workspace, {4, {}}, second, third)).value();
  CHECK(LedgerKeys::of(key.public_key(), {change, earlier}).error().code == "key_change_malformed");
}

TEST_CASE_FIXTURE(Fixture, "a retired key signs no checkpoint of later entries, and the new one none of earlier") {
  make_two();
  const auto keys = LedgerKeys::of(second.public_key(), {open_key_change(change_note()).value()}).value();
  const TreeHead at_change{5, {}}, after{6, {}};
  CHECK(keys.open(sign_checkpoint(key, workspace, at_change)));
  CHECK(keys.open(sign_checkpoint(key, workspace, after)).error().code == "checkpoint_signature");
  CHECK(keys.open(sign_checkpoint(second, workspace, after)));
  CHECK(keys.open(sign_checkpoint(second, workspace, at_change)).error().code == "checkpoint_signature");
}

TEST_CASE_FIXTURE(Fixture, "an export without its change of the key, or with another's, is broken") {
  make_two();
  const auto good = exported(second);
  const auto note = change_note();
  const auto item = "key " + std::to_string(note.size()) + "\n" + note;
  CHECK_FALSE(read(replaced(good, item, ""), key).ok);
  CHECK_FALSE(read(replaced(good, item, item + item), key).ok);
  // Announced in the front and entered nowhere.
  const auto next = announce_key(workspace, {8, check(key).root}, second, third);
  auto more = replaced(good, item, item + "key " + std::to_string(next.size()) + "\n" + next);
  more = replaced(more, "key=" + second.public_key().text(), "key=" + third.public_key().text());
  CHECK(reason(read(more, key)) == "A change of the ledger's key is missing.");
}

TEST_CASE_FIXTURE(Fixture, "a change of the key in the database is missed when its entry or its row is gone") {
  make_two();
  REQUIRE(db->write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(tx.execute("delete from ledger_key_changes"));
    return {};
  }));
  CHECK_FALSE(check(key).ok);
  CHECK(reason(check(second)) != "intact");
}

TEST_CASE_FIXTURE(Fixture, "a ledger that does not fit what was signed gets no new key") {
  grow(5, key);
  REQUIRE(db->write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(
        tx.execute("update ledger_entries set leaf_hash = $1 where seq = 2", {store::Bytes{std::string(32, 'x')}}));
    return {};
  }));
  const auto changed = db->write([&](store::Transaction& tx) { return change_key(tx, workspace, key, second); });
  CHECK(changed.error().code == "ledger_broken");
}

TEST_CASE_FIXTURE(Fixture, "a ledger of which nothing was signed begins under the new key") {
  REQUIRE(act(3));
  replace(key, second);
  grow(1, second);
  CHECK(check(second).entries == 4);
  CHECK(reason(check(second)) == "intact");
}

TEST_CASE_FIXTURE(Fixture, "a restore after the key was replaced begins an epoch as before") {
  const SignedHeads heads(db.folder() + "/heads");
  make_two();
  REQUIRE(heads.remember(workspace, sign_checkpoint(second, workspace, {20, {}})));
  CHECK(begin_epochs(*db, second.public_key(), heads).value() == 1);
  grow(1, second);
  CHECK(reason(check(key)) == "intact");
  CHECK(check(key).epoch == 2);
}
