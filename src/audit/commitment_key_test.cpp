#include "audit/commitment_key.h"

#include <doctest/doctest.h>

#include "audit/ledger.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::audit;

TEST_CASE("a person has one key, which is another than everybody else's, until it is destroyed") {
  FakeClock clock;
  Metrics metrics;
  auto db = store::open_temporary(clock, metrics, {schema()});
  auto workspace = WorkspaceId::make(clock);
  auto key = [&](WorkspaceId where, std::string_view who) {
    return db->write([&](store::Transaction& tx) { return commitment_key(tx, where, who); }).value();
  };
  auto ann = key(workspace, "ann");
  CHECK(ann.size() == 32);
  CHECK(key(workspace, "ann") == ann);
  CHECK(key(workspace, "bob") != ann);
  CHECK(key(WorkspaceId::make(clock), "ann") != ann);
  auto find = [&] {
    return db->query([&](store::Session& session) { return find_commitment_key(session, workspace, "ann"); });
  };
  CHECK(find().value() == ann);
  REQUIRE(db->write([&](store::Transaction& tx) { return shred_commitment_key(tx, workspace, "ann"); }));
  CHECK(find().error().code == "commitment_key_gone");
  CHECK(key(workspace, "ann") != ann);
}
