#include "app/replace_ledger_key.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "access/testing.h"
#include "access/workspace.h"
#include "app/installation.h"
#include "audit/sealer.h"
#include "audit/verify.h"
#include "cluster/lease.h"
#include "store/testing.h"

namespace answerable::app {
namespace {

using access::must;

// An installation with one company; what its server has signed, seal() signs.
struct Signed {
  store::TemporaryFolder folder;
  FakeClock clock;
  Configuration configuration = [this] {
    Configuration c;
    c.data_dir = folder.path();
    return c;
  }();
  std::string key_file = ledger_key_path(folder.path());

  Signed() {
    {
      const auto at = must(Installation::open(configuration, clock, Opening::create));
      REQUIRE(at->database().write(
          [&](store::Transaction& tx) { return access::create_workspace(tx, access::system_actor({}), "Shop"); }));
    }
    seal();
  }
  void seal() {
    const auto at = must(Installation::open(configuration, clock, Opening::read_write));
    audit::Sealer sealer(at->ledger_key(), at->database(), at->metrics());
    for (const auto& ledger : must(at->database().query(audit::ledgers))) REQUIRE(sealer.seal(ledger));
    REQUIRE(sealer.anchor());
  }
  audit::PublicKey key() {
    return must(Installation::open(configuration, clock, Opening::read_only))->ledger_key().public_key();
  }
  // How many ledgers somebody with this key finds intact.
  int intact(const audit::PublicKey& by) {
    const auto at = must(Installation::open(configuration, clock, Opening::read_only));
    int count = 0;
    for (const auto& ledger : must(at->database().query(audit::ledgers))) {
      const auto found =
          must(at->database().query([&](store::Session& session) { return audit::verify(session, ledger, by); }));
      if (!found.ok) MESSAGE(found.first_bad->reason);
      count += found.ok ? 1 : 0;
    }
    return count;
  }
};

TEST_CASE("after the ledger's key is replaced every ledger is intact to who has the old key and who has the new") {
  Signed at;
  const auto old_key = at.key();
  const auto done = must(replace_ledger_key(at.configuration, at.clock, OldKey::announces));
  CHECK(done.ledgers == 2);
  CHECK(done.public_key == at.key().text());
  CHECK(std::filesystem::exists(done.old_file));
  CHECK(at.key() != old_key);
  at.seal();
  CHECK(at.intact(old_key) == 2);
  CHECK(at.intact(at.key()) == 2);
}

TEST_CASE("a ledger's key that is lost is replaced without it, and only who has the new one believes it") {
  Signed at;
  const auto old_key = at.key();
  std::filesystem::remove(at.key_file);
  CHECK(replace_ledger_key(at.configuration, at.clock, OldKey::announces).error().code == "keys_missing");
  CHECK_FALSE(std::filesystem::exists(at.key_file + ".next"));
  CHECK(must(replace_ledger_key(at.configuration, at.clock, OldKey::is_lost)).old_file.empty());
  at.seal();
  CHECK(at.intact(old_key) == 0);
  CHECK(at.intact(at.key()) == 2);
}

TEST_CASE("a replacement of the ledger's key that was interrupted is ended by running it again") {
  Signed at;
  const auto old_key = at.key();
  // Before its transaction: a key is there that nobody has named.
  const auto next = must(audit::SigningKey::load_or_create(at.key_file + ".next", old_key.name)).public_key();
  CHECK(Installation::open(at.configuration, at.clock, Opening::read_write).error().code == "key_half_replaced");
  auto done = must(replace_ledger_key(at.configuration, at.clock, OldKey::announces));
  CHECK(at.key() == next);
  at.seal();
  // After it: the entries name the next key, and the old one is in force still.
  std::filesystem::rename(at.key_file, at.key_file + ".next");
  std::filesystem::rename(done.old_file, at.key_file);
  done = must(replace_ledger_key(at.configuration, at.clock, OldKey::announces));
  CHECK(done.public_key == next.text());
  at.seal();
  CHECK(at.intact(old_key) == 2);
}

TEST_CASE("the ledger's key is not replaced by a stranger's, nor while another node lives") {
  Signed at;
  {
    const auto open = must(Installation::open(at.configuration, at.clock, Opening::read_write));
    REQUIRE(open->database().write(
        [&](store::Transaction& tx) { return cluster::claim_lease(tx, "node/b", "b", 10'000); }));
  }
  CHECK(replace_ledger_key(at.configuration, at.clock, OldKey::announces).error().code == "nodes_run");
  at.clock.advance_ms(10'001);
  std::filesystem::remove(at.key_file);
  REQUIRE(audit::SigningKey::load_or_create(at.key_file, "localhost"));
  CHECK(replace_ledger_key(at.configuration, at.clock, OldKey::announces).error().code ==
        "keys_of_another_installation");
}

}  // namespace
}  // namespace answerable::app
