#include "intake/channel_directory.h"

#include "mail/address.h"

namespace answerable::intake {

Status ChannelDirectory::refresh(store::Database& database) {
  TRY(auto channels, database.query([](store::Session& session) { return list_all_channels(session); }));
  for (auto& channel : channels) put(std::move(channel));
  return {};
}

Status ChannelDirectory::follow(store::Database& database) {
  // A new channel and every change of one make it grow; none is ever deleted.
  TRY(const auto versions, database.query([](store::Session& session) {
    return session.number("select coalesce(sum(version), 0) + count(*) from channels");
  }));
  if (versions == followed_) return {};
  TRY_STATUS(refresh(database));
  followed_ = versions;
  return {};
}

void ChannelDirectory::put(Channel channel) {
  auto entry = std::make_shared<const Channel>(std::move(channel));
  {
    std::unique_lock lock(mutex_);
    if (!put_locked(entry)) return;
  }
  for (const auto& callback : callbacks_) callback(entry);
}

bool ChannelDirectory::put_locked(const ChannelPtr& channel) {
  auto& slot = by_id_[channel->id];
  if (slot && slot->version >= channel->version) return false;
  if (slot) {
    for (const auto& address : slot->addresses) {
      auto known = by_address_.find(address);
      if (known != by_address_.end() && known->second->id == channel->id) by_address_.erase(known);
    }
  }
  slot = channel;
  if (channel->state == ChannelState::disabled) return true;
  for (const auto& address : channel->addresses) by_address_[address] = channel;
  return true;
}

ChannelDirectory::ChannelPtr ChannelDirectory::find(ChannelId id) const {
  std::shared_lock lock(mutex_);
  auto known = by_id_.find(id);
  return known == by_id_.end() ? nullptr : known->second;
}

ChannelDirectory::ChannelPtr ChannelDirectory::find(WorkspaceId workspace, ChannelId id) const {
  auto channel = find(id);
  return channel && channel->workspace == workspace ? channel : nullptr;
}

ChannelDirectory::ChannelPtr ChannelDirectory::find_by_address(std::string_view address) const {
  auto key = mail::address_key(address);
  if (key.empty()) return nullptr;
  std::shared_lock lock(mutex_);
  auto known = by_address_.find(key);
  if (known == by_address_.end()) known = by_address_.find(without_tag(key));
  return known == by_address_.end() ? nullptr : known->second;
}

std::vector<ChannelDirectory::ChannelPtr> ChannelDirectory::of_kind(std::string_view kind) const {
  std::shared_lock lock(mutex_);
  std::vector<ChannelPtr> list;
  for (const auto& [id, channel] : by_id_)
    if (channel->kind == kind) list.push_back(channel);
  return list;
}

Result<std::string> ChannelDirectory::secret(const Channel& channel, std::string_view name) const {
  TRY(auto all, secrets(channel));
  for (auto& [key, value] : all)
    if (key == name) return std::move(value);
  return std::string();
}

void ChannelDirectory::on_change(std::function<void(const ChannelPtr&)> callback) {
  callbacks_.push_back(std::move(callback));
}

}  // namespace answerable::intake
