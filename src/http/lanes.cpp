#include "http/lanes.h"

#include <string>

#include "http/cookies.h"
#include "net/address.h"

namespace answerable::http {

Lanes::Lanes(const ApiConfig& config, const intake::ChannelDirectory& channels)
    : config_(config), channels_(channels) {}

// Sixty-four bits of a keyed hash: nobody can aim at another's.
std::uint64_t Lanes::credential_of(const net::Request& request) const {
  const auto authorization = request.header("Authorization");
  const auto secret = authorization ? std::string(*authorization) : session_token(request, config_);
  if (secret.empty()) return 0;
  return keyed_hash(salt_, secret);
}

Lane Lanes::lane_of(WorkspaceId workspace) {
  static constexpr std::string_view operators = "operator";
  return answerable::lane_of(workspace.is_nil() ? operators : workspace.bytes());
}

Lane Lanes::lane_of(const net::Request& request) const {
  const std::string_view path = request.path;
  if (path == "/healthz" || path == "/readyz" || path == "/metrics") return answerable::lane_of("health");
  if (const auto id = ChannelId::parse(request.path_parameter("channel_id")); id && path.starts_with("/webchat/")) {
    if (const auto channel = channels_.find(*id)) return answerable::lane_of(channel->id.bytes());
  }
  if (const auto credential = credential_of(request); credential != 0) {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(credential);
    if (found != known_.end()) return found->second;
  }
  return 1 + answerable::lane_of(net::network_key(request.peer_address)) % strangers;
}

void Lanes::learn(const net::Request& request, const access::Actor& actor) {
  const auto credential = credential_of(request);
  if (credential == 0) return;
  const std::scoped_lock lock(mutex_);
  if (known_.size() >= credentials_max && !known_.contains(credential)) known_.clear();
  known_[credential] = lane_of(actor.workspace);
}

}  // namespace answerable::http
