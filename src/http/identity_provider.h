// OpenID providers, asked over the network: descriptions and keys are kept for an hour, and keys are asked for again
// when a token names one that is not known (rotation), at most once a minute. The address is an administrator's wish,
// so every one that is connected to is judged. Blocks; thread-safe.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "http/oidc_json.h"
#include "net/fetch.h"

namespace answerable::http {

class IdentityProviders {
 public:
  using MayReach = std::function<Status(const net::IpAddress&)>;
  static constexpr std::int64_t kept_ms = 3'600'000;
  static constexpr std::int64_t keys_again_ms = 60'000;
  static constexpr std::size_t kept_max = 1'000;  // providers; beyond, all are forgotten

  IdentityProviders(const Clock& clock, MayReach may_reach) : clock_(clock), may_reach_(std::move(may_reach)) {}

  // Errors of all: unavailable "provider_unavailable", "provider_unreadable".
  Result<ProviderDescription> description(const std::string& issuer);
  // The ID token for a code. Also unauthenticated "sign_in_refused".
  Result<std::string> redeem(const ProviderDescription& provider, const std::string& form);
  // Whether one of the provider's keys has signed it. Errors: also unauthenticated "sign_in_refused".
  Status check_signature(const ProviderDescription& provider, const IdToken& token);

 private:
  struct Kept {
    ProviderDescription description;
    std::int64_t described_ms = 0;  // monotonic
    std::vector<access::ProviderKey> keys;
    std::int64_t keys_ms = 0;
    bool has_keys = false;
    std::int64_t again_from_ms = 0;
  };
  Result<net::FetchAnswer> ask(const std::string& url, const std::string& form) const;
  Result<std::vector<access::ProviderKey>> keys(const ProviderDescription& provider, bool anew);

  const Clock& clock_;
  const MayReach may_reach_;
  std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> kept_;  // by issuer
};

}  // namespace answerable::http
