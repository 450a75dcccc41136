#include "access/throttle.h"

namespace answerable::access {
namespace {

constexpr Rate device_rate{.quota = SignInThrottle::per_device, .window_ms = SignInThrottle::window_ms};
constexpr Rate account_rate{.quota = SignInThrottle::per_account, .window_ms = SignInThrottle::window_ms};
constexpr Rate address_rate{.quota = SignInThrottle::per_address, .window_ms = SignInThrottle::window_ms};

std::string device_key(const SignInAttempt& attempt) { return "d:" + attempt.device + attempt.email_key; }
std::string account_key(const SignInAttempt& attempt) { return "e:" + attempt.email_key; }
std::string address_key(const SignInAttempt& attempt) { return "a:" + attempt.address_key; }

}  // namespace

std::int64_t SignInThrottle::admit(const SignInAttempt& attempt) {
  if (!attempt.device.empty()) return attempts_.take(device_key(attempt), device_rate).wait_ms;
  const auto by_account = attempts_.take(account_key(attempt), account_rate);
  if (!by_account.is_allowed) return by_account.wait_ms;
  const auto by_address = attempts_.take(address_key(attempt), address_rate);
  if (!by_address.is_allowed) attempts_.give_back(account_key(attempt), account_rate);
  return by_address.wait_ms;
}

void SignInThrottle::forgive(const SignInAttempt& attempt) {
  if (!attempt.device.empty()) return attempts_.give_back(device_key(attempt), device_rate);
  attempts_.give_back(account_key(attempt), account_rate);
  attempts_.give_back(address_key(attempt), address_rate);
}

}  // namespace answerable::access
