#include "http/identity_provider.h"

#include <algorithm>

namespace answerable::http {
namespace {

constexpr std::string_view description_path = "/.well-known/openid-configuration";
constexpr std::int64_t timeout_ms = 8'000;  // somebody waits at the door

std::unexpected<Error> unavailable(const Error& why) {
  return fail(ErrorKind::unavailable, "provider_unavailable",
              "The provider of single sign-on does not answer: " + why.detail);
}

// A key without a name may be meant by any token, and a token without one means any key.
bool is_signed(const std::vector<access::ProviderKey>& keys, const IdToken& token) {
  return std::ranges::any_of(keys, [&](const access::ProviderKey& key) {
    const bool may_be = token.key_id.empty() || key.id.empty() || key.id == token.key_id;
    return may_be && key.algorithm == token.algorithm && access::is_signed_by(key, token.signed_part, token.signature);
  });
}

bool knows(const std::vector<access::ProviderKey>& keys, const IdToken& token) {
  return std::ranges::any_of(keys, [&](const access::ProviderKey& key) { return key.id == token.key_id; });
}

}  // namespace

Result<net::FetchAnswer> IdentityProviders::ask(const std::string& url, const std::string& form) const {
  net::FetchRequest request{.url = url, .accept = "application/json", .may_reach = may_reach_, .form = form};
  request.limits = {.bytes_max = provider_answer_bytes_max, .timeout_ms = timeout_ms, .redirects_max = 0};
  auto answer = net::exchange(request);
  if (!answer) return unavailable(answer.error());
  return answer;
}

Result<ProviderDescription> IdentityProviders::description(const std::string& issuer) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = kept_.find(issuer);
    if (found != kept_.end() && clock_.monotonic_ms() - found->second.described_ms < kept_ms)
      return found->second.description;
  }
  auto base = issuer;
  if (base.ends_with('/')) base.pop_back();
  TRY(const auto answer, ask(base.append(description_path), {}));
  TRY(auto description, read_provider(answer.status == 200 ? answer.body : std::string(), issuer));
  const std::scoped_lock lock(mutex_);
  if (kept_.size() >= kept_max) kept_.clear();
  auto& kept = kept_[issuer];
  kept.description = description;
  kept.described_ms = clock_.monotonic_ms();
  return description;
}

Result<std::string> IdentityProviders::redeem(const ProviderDescription& provider, const std::string& form) {
  TRY(const auto answer, ask(provider.token_endpoint, form));
  return read_token_answer(answer.status, answer.body);
}

Result<std::vector<access::ProviderKey>> IdentityProviders::keys(const ProviderDescription& provider, bool anew) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = kept_.find(provider.issuer);
    const bool is_there = found != kept_.end() && found->second.has_keys;
    const auto now_ms = clock_.monotonic_ms();
    if (is_there && !anew && now_ms - found->second.keys_ms < kept_ms) return found->second.keys;
    if (is_there && anew) {
      if (now_ms < found->second.again_from_ms) return found->second.keys;
      found->second.again_from_ms = now_ms + keys_again_ms;  // strangers' tokens must not make us ask and ask
    }
  }
  TRY(const auto answer, ask(provider.keys_url, {}));
  TRY(auto keys, read_provider_keys(answer.status == 200 ? answer.body : std::string()));
  const std::scoped_lock lock(mutex_);
  auto& kept = kept_[provider.issuer];
  kept.keys = keys;
  kept.keys_ms = clock_.monotonic_ms();
  kept.has_keys = true;
  return keys;
}

Status IdentityProviders::check_signature(const ProviderDescription& provider, const IdToken& token) {
  TRY(auto known, keys(provider, false));
  if (!knows(known, token)) {
    TRY(known, keys(provider, true));
  }
  if (is_signed(known, token)) return {};
  return fail(ErrorKind::unauthenticated, "sign_in_refused", "The answer is not signed by your company's provider.");
}

}  // namespace answerable::http
