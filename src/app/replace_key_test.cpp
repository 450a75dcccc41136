#include "app/replace_key.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "access/seal.h"
#include "access/testing.h"
#include "access/workspace.h"
#include "app/installation.h"
#include "cluster/lease.h"
#include "intake/channel_directory.h"
#include "store/testing.h"

namespace answerable::app {
namespace {

using access::must;

struct Sealed {
  store::TemporaryFolder folder;
  FakeClock clock;
  Configuration configuration = [this] {
    Configuration c;
    c.data_dir = folder.path();
    return c;
  }();
  std::string key_file = folder.path() + "/keys/installation.key";
  UserId user = UserId::make(clock);
  WorkspaceId shop;
  ChannelId channel;

  Sealed() {
    const auto at = must(Installation::open(configuration, clock, Opening::create));
    intake::ChannelDirectory directory(at->keys().channel_secrets);
    channel = must(at->database().write([&](store::Transaction& tx) -> Result<ChannelId> {
      TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Shop"));
      shop = made.id;
      TRY(const auto kept,
          intake::create_channel(
              tx, directory, access::system_actor(shop),
              {.kind = "webchat", .name = "Chat", .config = "{}", .secrets = {{"identity_secret", "panther"}}}));
      TRY_STATUS(tx.execute(
          "insert into second_factors (workspace_id, user_id, sealed_secret, created_at, last_step) "
          "values ($1, $2, $3, 0, 0)",
          {shop, user, store::Bytes{access::seal(at->keys().second_factors, user.bytes(), "twenty bytes")}}));
      return kept.id;
    }));
  }
  // What the channel's and the person's secrets say to the key that is in force.
  std::string read() {
    const auto at = must(Installation::open(configuration, clock, Opening::read_write));
    intake::ChannelDirectory directory(at->keys().channel_secrets);
    REQUIRE(directory.refresh(at->database()));
    const auto sealed = must(at->database().query([&](store::Session& session) {
      return session.find("select sealed_secret from second_factors where user_id = $1", {user},
                          [](const store::Row& row) { return std::string(row.bytes(0)); });
    }));
    const auto factor = access::unseal(at->keys().second_factors, user.bytes(), *sealed);
    return must(directory.secret(*directory.find(channel), "identity_secret")) + ", " + factor.value_or("unreadable");
  }
};

TEST_CASE("after the installation key is replaced every secret opens under the new one, and under no other") {
  Sealed at;
  const auto old_keys = must(load_keys(at.folder.path(), false));
  const auto done = must(replace_installation_key(at.configuration, at.clock));
  CHECK(done.unreadable_secrets == 0);
  CHECK(std::filesystem::file_size(done.old_file) == 32);
  CHECK(at.read() == "panther, twenty bytes");
  CHECK(must(load_keys(at.folder.path(), false)).channel_secrets != old_keys.channel_secrets);
  CHECK_FALSE(std::filesystem::exists(at.key_file + ".next"));
}

TEST_CASE("a replacement that was interrupted before or after its transaction is ended by running it again") {
  Sealed at;
  // Before: the next key is there, and nothing is sealed under it.
  const auto next = must(begin_next_key(at.folder.path()));
  REQUIRE(keep_next_key(at.folder.path(), next));
  CHECK(Installation::open(at.configuration, at.clock, Opening::read_write).error().code == "key_half_replaced");
  const auto done = must(replace_installation_key(at.configuration, at.clock));
  CHECK(must(load_keys(at.folder.path(), false)).blobs == next.keys.blobs);
  CHECK(at.read() == "panther, twenty bytes");
  // After: all is sealed under the next key, and the old one is in force still.
  std::filesystem::rename(at.key_file, at.key_file + ".next");
  std::filesystem::rename(done.old_file, at.key_file);
  CHECK(must(replace_installation_key(at.configuration, at.clock)).unreadable_secrets == 0);
  CHECK(at.read() == "panther, twenty bytes");
}

TEST_CASE("while another node lives the installation key is not replaced") {
  Sealed at;
  {
    const auto open = must(Installation::open(at.configuration, at.clock, Opening::read_write));
    REQUIRE(open->database().write(
        [&](store::Transaction& tx) { return cluster::claim_lease(tx, "node/b", "b", 10'000); }));
  }
  CHECK(replace_installation_key(at.configuration, at.clock).error().code == "nodes_run");
  at.clock.advance_ms(10'001);
  CHECK(replace_installation_key(at.configuration, at.clock));
}

TEST_CASE("the key of another installation is not replaced") {
  Sealed at;
  std::filesystem::remove(at.key_file);
  REQUIRE(load_keys(at.folder.path(), true));
  CHECK(replace_installation_key(at.configuration, at.clock).error().code == "keys_of_another_installation");
}

TEST_CASE("a secret that opens under no key stays as it is, and is counted") {
  Sealed at;
  {
    const auto open = must(Installation::open(at.configuration, at.clock, Opening::read_write));
    REQUIRE(open->database().write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(tx.execute("update second_factors set sealed_secret = $1", {store::Bytes{std::string(60, 'x')}}));
      return {};
    }));
  }
  CHECK(must(replace_installation_key(at.configuration, at.clock)).unreadable_secrets == 1);
  CHECK(at.read() == "panther, unreadable");
}

}  // namespace
}  // namespace answerable::app
