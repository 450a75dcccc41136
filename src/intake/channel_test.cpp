#include "intake/channel.h"

#include <doctest/doctest.h>

#include "intake/testing.h"
#include "intake/undo_channel_act.h"

namespace answerable::intake {
namespace {

TEST_CASE("a channel is found by its addresses in any case and with a tag, from the moment it is committed") {
  TestIntake test;
  NewChannel input{"email", "Support", "Help@Example.org", {"Sales@example.org", "help@example.org"}, "{}", {}};
  auto channel = test.database->write(
      [&](store::Transaction& tx) { return create_channel(tx, test.directory, test.actor, input); });
  REQUIRE(channel);
  CHECK(channel->addresses == std::vector<std::string>{"help@example.org", "sales@example.org"});
  for (auto address : {"help@example.org", "HELP@EXAMPLE.ORG", "help+abc@example.org", "sales+x+y@example.org"})
    CHECK(test.directory.find_by_address(address) != nullptr);
  for (auto address : {"helpx@example.org", "+help@example.org", "help@example.com", "", "help"})
    CHECK(test.directory.find_by_address(address) == nullptr);
}

TEST_CASE("two channels cannot have the same address, whatever workspace they are in") {
  TestIntake test;
  test.add_channel("email", "help@example.org");
  test.actor.workspace = WorkspaceId::make(test.clock);
  NewChannel input{"email", "Other", "HELP@example.org", {}, "{}", {}};
  auto second = test.database->write(
      [&](store::Transaction& tx) { return create_channel(tx, test.directory, test.actor, input); });
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "address_taken");
  CHECK(second.error().detail ==
        "Another workspace receives mail for help@example.org. Choose another address, or ask whoever runs this "
        "server.");
}

TEST_CASE("who names an address twice in one workspace is told that it is their own") {
  TestIntake test;
  test.add_channel("email", "help@example.org");
  NewChannel input{"email", "Other", "help@example.org", {}, "{}", {}};
  const auto second = test.database->write(
      [&](store::Transaction& tx) { return create_channel(tx, test.directory, test.actor, input); });
  REQUIRE_FALSE(second);
  CHECK(second.error().detail == "Another channel of this workspace receives mail for help@example.org already.");
}

TEST_CASE("a tagged form of an address belongs to the workspace of the address, whichever was first") {
  TestIntake test;
  const auto mine = test.actor.workspace;
  const auto yours = WorkspaceId::make(test.clock);
  auto claim = [&](WorkspaceId workspace, const std::string& address) -> std::string {
    test.actor.workspace = workspace;
    NewChannel input{"email", "Support", address, {}, "{}", {}};
    auto made = test.database->write(
        [&](store::Transaction& tx) { return create_channel(tx, test.directory, test.actor, input); });
    return made ? "made" : made.error().code;
  };
  CHECK(claim(mine, "help@b.com") == "made");
  CHECK(claim(yours, "help+vip@b.com") == "address_taken");
  CHECK(claim(yours, "Help+vip+x@b.com") == "address_taken");
  CHECK(claim(mine, "help+vip@b.com") == "made");
  CHECK(claim(yours, "helper@b.com") == "made");
  CHECK(claim(yours, "help@c.com") == "made");
  CHECK(claim(yours, "sales+vip@b.com") == "made");
  CHECK(claim(mine, "sales@b.com") == "address_taken");
  CHECK(claim(mine, "sales+other@b.com") == "made");
}

TEST_CASE("secrets are encrypted at rest, bound to their channel, and can be replaced one by one") {
  TestIntake test;
  auto channel =
      test.add_channel("email", "help@example.org", "{}", {{"imap.password", "tiger"}, {"smtp.password", "lion"}});
  CHECK(channel.sealed_secrets.find("tiger") == std::string::npos);
  CHECK(test.directory.secret(channel, "imap.password").value() == "tiger");
  CHECK(test.directory.secret(channel, "none").value().empty());
  ChannelChange change;
  change.secrets = {{"imap.password", "panther"}, {"smtp.password", std::nullopt}};
  auto changed = test.database->write(
      [&](store::Transaction& tx) { return update_channel(tx, test.directory, test.actor, channel.id, change); });
  REQUIRE(changed);
  CHECK(test.directory.secret(*changed, "imap.password").value() == "panther");
  CHECK(test.directory.secret(*changed, "smtp.password").value().empty());
  auto moved = *changed;
  moved.id = ChannelId::make(test.clock);
  CHECK_FALSE(test.directory.secret(moved, "imap.password"));
}

TEST_CASE("a disabled channel receives nothing, and does again when it is active") {
  TestIntake test;
  auto channel = test.add_channel("email", "help@example.org");
  REQUIRE(test.database->write(
      [&](store::Transaction& tx) { return disable_channel(tx, test.directory, test.actor, channel.id); }));
  CHECK(test.directory.find_by_address("help@example.org") == nullptr);
  ChannelChange change;
  change.state = ChannelState::active;
  REQUIRE(test.database->write(
      [&](store::Transaction& tx) { return update_channel(tx, test.directory, test.actor, channel.id, change); }));
  CHECK(test.directory.find_by_address("help@example.org") != nullptr);
}

TEST_CASE("a password that was written over comes back when the change is undone, under a new installation key too") {
  TestIntake test;
  const std::string next_key(32, 'n');
  const auto channel = test.add_channel("email", "help@example.org", "{}", {{"imap.password", "tiger"}});
  ChannelChange change;
  change.secrets.emplace_back("imap.password", "stranger");
  REQUIRE(test.database->write(
      [&](store::Transaction& tx) { return update_channel(tx, test.directory, test.actor, channel.id, change); }));
  const auto undo = [&](ChannelDirectory& directory) {
    return test.database->write([&](store::Transaction& tx) -> Status {
      TRY(const auto count, audit::entry_count(tx, channel.workspace));
      TRY(const auto newest, audit::entries(tx, channel.workspace, count - 1, 1));
      TRY(const auto act, audit::decode_entry(newest.at(0).encoded));
      TRY(const auto fields, access::overwritten_by(tx, channel.workspace, count - 1));
      return undo_channel_act(tx, directory, test.actor, act, fields);
    });
  };
  const auto reseal = [&](const std::string& from, const std::string& to) {
    return test.database->write([&](store::Transaction& tx) { return reseal_channels(tx, from, to); }).value();
  };
  CHECK(reseal(test.key, next_key) == 0);
  CHECK(undo(test.directory).error().code == "not_undoable");  // the old key opens nothing any more
  ChannelDirectory directory(next_key);
  REQUIRE(directory.refresh(*test.database));
  REQUIRE(undo(directory));
  CHECK(directory.secret(*directory.find(channel.id), "imap.password").value() == "tiger");
}

TEST_CASE("agents may not change channels") {
  TestIntake test;
  test.actor.kind = access::Actor::Kind::user;
  test.actor.role = access::Role::agent;
  NewChannel input{"webchat", "Chat", "", {}, "{}", {}};
  auto made = test.database->write(
      [&](store::Transaction& tx) { return create_channel(tx, test.directory, test.actor, input); });
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == ErrorKind::denied);
}

}  // namespace
}  // namespace answerable::intake
