#include "channels/carriers.h"

namespace answerable::channels {

outbox::Carrier* Carriers::find(WorkspaceId workspace, ChannelId id) {
  auto channel = mail_.channels.find(workspace, id);
  if (!channel || channel->state == intake::ChannelState::disabled) return nullptr;
  if (channel->kind == "webchat") return &chat_;
  if (channel->kind != "email" || !may_send(*channel)) return nullptr;
  std::lock_guard lock(mutex_);
  auto& carrier = by_channel_[id];
  if (!carrier) carrier = std::make_unique<SmtpCarrier>(mail_, id);
  return carrier.get();
}

}  // namespace answerable::channels
