// A whole intake on a temporary database, for tests of this folder and of channels.
#pragma once

#include <future>
#include <string>

#include "access/schema.h"
#include "audit/ledger.h"
#include "base/ensure.h"
#include "cluster/event_log.h"
#include "conversations/schema.h"
#include "intake/accept.h"
#include "intake/channel.h"
#include "intake/channel_directory.h"
#include "intake/schema.h"
#include "outbox/schema.h"
#include "policy/judge.h"
#include "store/blobs.h"
#include "store/testing.h"

namespace answerable::intake {

struct TestIntake {
  explicit TestIntake(IntakeLimits limits = {}, std::span<const store::Migration> further = {})
      : database(store::open_temporary(clock, metrics,
                                       {cluster::schema(), audit::schema(), access::schema(), policy::schema(),
                                        outbox::schema(), conversations::schema(), schema(), further})),
        blobs(*store::open_blobs(database.folder() + "/blobs", key)) {
    intake = make(limits);
    actor = access::system_actor(workspace);
    actor.role = access::Role::administrator;
  }

  std::unique_ptr<Intake> make(IntakeLimits limits = {}, std::string node = {}) {
    const auto room_for = [this](std::size_t) -> Status {
      if (disk_has_room) return {};
      return fail(ErrorKind::limited, "storage_low", "The disk is nearly full: try again when there is room.");
    };
    return Intake::make({*database, *blobs, directory, clock, metrics, room_for, nullptr, std::move(node)}, limits);
  }

  Channel add_channel(std::string kind, std::string address, std::string config = "{}", Secrets secrets = {}) {
    NewChannel input{std::move(kind), "Support", std::move(address), {}, std::move(config), std::move(secrets)};
    auto created = database->write([&](store::Transaction& tx) { return create_channel(tx, directory, actor, input); });
    ensure(created.has_value(), "the test's channel can be made");
    return *created;
  }

  // Blocks until it is durable or refused.
  Status accept(Arrival arrival, std::function<Status(store::Transaction&)> also = {}) {
    std::promise<Status> done;
    intake->accept(std::move(arrival), std::move(also), [&](Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }

  std::int64_t count(store::Sql sql, store::Values values = {}) {
    return *database->query([&](store::Session& session) { return session.number(sql, values); });
  }

  std::string key = std::string(32, 'k');
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase database;
  std::unique_ptr<store::Blobs> blobs;
  ChannelDirectory directory{key};
  WorkspaceId workspace = WorkspaceId::make(clock);
  access::Actor actor;
  bool disk_has_room = true;
  std::unique_ptr<Intake> intake;
};

}  // namespace answerable::intake
