#include "channels/email/channel_health.h"

#include "base/log.h"

namespace answerable::channels {

void ChannelHealth::tell(const intake::Channel& channel, const std::string& about, const std::string& problem) {
  std::lock_guard lock(mutex_);
  if (problem.empty())
    problems_.erase(about);
  else
    problems_[about] = problem;
  const auto state = problems_.empty() ? intake::ChannelState::active : intake::ChannelState::failing;
  const auto detail = problems_.empty() ? std::string() : problems_.begin()->second;
  auto now = channels_.find(channel.id);
  if (!now || (now->state == state && now->state_detail == detail)) return;
  auto written = database_.write(
      [&](store::Transaction& tx) { return intake::record_channel_health(tx, channels_, channel, state, detail); });
  if (!written) log::warning("channel_health_not_written", {{"code", written.error().code}});
}

}  // namespace answerable::channels
