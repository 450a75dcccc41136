#include "access/throttle.h"

#include <algorithm>

namespace answerable::access {
namespace {

std::string device_key(const SignInAttempt& attempt) { return "d:" + attempt.device + attempt.email_key; }
std::string account_key(const SignInAttempt& attempt) { return "e:" + attempt.email_key; }
std::string address_key(const SignInAttempt& attempt) { return "a:" + attempt.address_key; }

}  // namespace

std::int64_t SignInThrottle::admit(const SignInAttempt& attempt) {
  const std::scoped_lock lock(mutex_);
  const auto now_ms = clock_.monotonic_ms();
  make_room(now_ms);
  if (!attempt.device.empty()) {
    const auto wait_ms = wait_for(device_key(attempt), per_device, now_ms);
    if (wait_ms == 0) count(device_key(attempt), now_ms);
    return wait_ms;
  }
  const auto wait_ms = std::max(wait_for(account_key(attempt), per_account, now_ms),
                                wait_for(address_key(attempt), per_address, now_ms));
  if (wait_ms > 0) return wait_ms;
  count(account_key(attempt), now_ms);
  count(address_key(attempt), now_ms);
  return 0;
}

void SignInThrottle::forgive(const SignInAttempt& attempt) {
  const std::scoped_lock lock(mutex_);
  if (!attempt.device.empty()) return uncount(device_key(attempt));
  uncount(account_key(attempt));
  uncount(address_key(attempt));
}

std::int64_t SignInThrottle::wait_for(const std::string& key, int limit, std::int64_t now_ms) {
  const auto found = counters_.find(key);
  if (found == counters_.end() || now_ms >= found->second.until_ms || found->second.attempts < limit) return 0;
  return found->second.until_ms - now_ms;
}

void SignInThrottle::count(const std::string& key, std::int64_t now_ms) {
  auto& counter = counters_[key];
  if (now_ms >= counter.until_ms) counter = {.attempts = 0, .until_ms = now_ms + window_ms};
  ++counter.attempts;
}

void SignInThrottle::uncount(const std::string& key) {
  const auto found = counters_.find(key);
  if (found != counters_.end() && found->second.attempts > 0) --found->second.attempts;
}

void SignInThrottle::make_room(std::int64_t now_ms) {
  if (counters_.size() < counters_max) return;
  std::erase_if(counters_, [now_ms](const auto& entry) { return now_ms >= entry.second.until_ms; });
  if (counters_.size() >= counters_max) counters_.clear();
}

}  // namespace answerable::access
