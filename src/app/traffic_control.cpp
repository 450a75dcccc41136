#include "access/workspace.h"
#include "app/traffic_watch.h"
#include "policy/suspend.h"
#include "policy/version.h"
#include "policy/violation.h"

namespace answerable::app {

namespace {

constexpr std::int64_t minute_ms = 60'000;

std::unexpected<Error> broken(std::string what) { return fail(ErrorKind::internal, "control_broken", std::move(what)); }

}  // namespace

Status test_unusual_traffic(policy::Scratch& scratch) {
  auto& database = scratch.database;
  TRY(const auto workspace, database.write([](store::Transaction& tx) -> Result<WorkspaceId> {
    TRY_STATUS(policy::publish_default(tx));
    TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Self-test"));
    return made.id;
  }));
  policy::SecondSignal signal;
  TrafficWatch watch(database, scratch.clock, [&](store::Session&, WorkspaceId) { return signal; });
  const policy::TrafficKey key{
      .workspace = workspace, .channel = ChannelId::make(scratch.clock), .way = policy::Way::outbound};
  const auto pass_minute = [&](std::int64_t messages) -> Status {
    const auto minute = scratch.clock.now().ms / minute_ms;
    TRY_STATUS(database.write([&](store::Transaction& tx) {
      return policy::count_traffic(tx, {.key = key, .minute = minute, .messages = messages});
    }));
    scratch.clock.advance_ms(minute_ms + settled_after_ms);
    return watch.watch();
  };
  const auto standing = [&] {
    return database.query(
        [](store::Session& session) { return policy::standing_of(session, policy::traffic_control); });
  };
  TRY_STATUS(watch.watch());
  for (int i = 0; i < 5; ++i) TRY_STATUS(pass_minute(1'000));
  TRY(const auto unconfirmed, standing());
  if (!unconfirmed.empty()) return broken("Without a second signal a spike leads to no measure.");
  signal.overdue = 1'000;
  TRY_STATUS(pass_minute(1'000));
  TRY(const auto confirmed, standing());
  if (confirmed.size() != 1) return broken("With a second signal a spike leads to one measure.");
  for (int i = 0; i < 40; ++i) TRY_STATUS(pass_minute(1));
  TRY(const auto cured, standing());
  if (!cured.empty()) return broken("The measure ends when the traffic is as usual again.");
  return {};
}

}  // namespace answerable::app
