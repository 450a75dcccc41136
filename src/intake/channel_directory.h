// All channels in memory, for questions that may not wait for the database: does this recipient exist, which origins
// may chat. Filled once, then told of each change after its commit; `refresh` catches what other processes did.
// Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "intake/channel.h"
#include "store/database.h"

namespace answerable::intake {

// "local@domain" of "local+anything@domain", which is an address key; others as they are.
std::string without_tag(std::string_view key);

class ChannelDirectory {
 public:
  using ChannelPtr = std::shared_ptr<const Channel>;

  // `secrets_key` is 32 bytes (the installation's key for channel secrets).
  explicit ChannelDirectory(std::string secrets_key) : secrets_key_(std::move(secrets_key)) {}

  Status refresh(store::Database& database);
  // The same if anything has changed since; costs one statement if not. One thread.
  Status follow(store::Database& database);
  void put(Channel channel);

  ChannelPtr find(ChannelId id) const;
  ChannelPtr find(WorkspaceId workspace, ChannelId id) const;
  // The active channel that accepts mail for the address; "local+anything@domain" reaches "local@domain".
  ChannelPtr find_by_address(std::string_view address) const;
  std::vector<ChannelPtr> of_kind(std::string_view kind) const;

  // Empty when there is no such secret. Errors: internal "secrets_unreadable".
  Result<std::string> secret(const Channel& channel, std::string_view name) const;
  std::string seal(ChannelId id, const Secrets& secrets) const { return seal_secrets(secrets_key_, id, secrets); }
  Result<Secrets> open(ChannelId id, std::string_view sealed) const { return open_secrets(secrets_key_, id, sealed); }
  Result<Secrets> secrets(const Channel& channel) const { return open(channel.id, channel.sealed_secrets); }

  // Called after each change, on the thread that made it (the writer thread): must be short. Before work starts.
  void on_change(std::function<void(const ChannelPtr&)> callback);

 private:
  bool put_locked(const ChannelPtr& channel);

  const std::string secrets_key_;
  std::int64_t followed_ = -1;  // of follow(): the sum of all versions then
  mutable std::shared_mutex mutex_;
  std::unordered_map<ChannelId, ChannelPtr> by_id_;
  std::unordered_map<std::string, ChannelPtr> by_address_;
  std::vector<std::function<void(const ChannelPtr&)>> callbacks_;
};

}  // namespace answerable::intake
