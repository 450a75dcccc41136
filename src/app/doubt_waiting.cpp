#include "app/doubt_waiting.h"

#include "base/log.h"
#include "outbox/doubt.h"

namespace answerable::app {

Result<std::int64_t> doubt_waiting(store::Transaction& tx, WorkspaceId workspace,
                                   const intake::ChannelDirectory& channels) {
  const auto leaves_us = [&](WorkspaceId of, ChannelId id) {
    const auto channel = channels.find(of, id);
    return !channel || channel->kind != "webchat";
  };
  TRY(const auto doubted, outbox::doubt_waiting(tx, workspace, leaves_us));
  if (doubted > 0) log::warning("deliveries_doubted", {{"workspace", workspace.text()}, {"deliveries", doubted}});
  return doubted;
}

audit::OnRestored doubt_when_restored(const intake::ChannelDirectory& channels) {
  return [&channels](store::Transaction& tx, WorkspaceId workspace) -> Status {
    TRY_STATUS(doubt_waiting(tx, workspace, channels));
    return {};
  };
}

}  // namespace answerable::app
