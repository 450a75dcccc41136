// Slows down guessing of passwords without letting a stranger lock anybody out: attempts from a device on which this
// person has signed in before are counted on their own, all others by account and by network address. In memory, per
// process.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/rate_limiter.h"

namespace answerable::access {

struct SignInAttempt {
  std::string email_key;
  std::string device;       // hash of the device's token, only when it is known for this account; else empty
  std::string address_key;  // the network address; for IPv6 its /64
};

// Thread-safe.
class SignInThrottle {
 public:
  static constexpr std::int64_t window_ms = 15 * 60'000;  // so many at once, then one each even share of it
  static constexpr int per_device = 10;
  static constexpr int per_account = 10;
  static constexpr int per_address = 50;

  explicit SignInThrottle(const Clock& clock) : attempts_(clock) {}
  // Counts the attempt before the password is looked at. 0: go on; otherwise how long to wait, and nothing is counted.
  std::int64_t admit(const SignInAttempt& attempt);
  // The password was right: the attempt no longer counts.
  void forgive(const SignInAttempt& attempt);

 private:
  RateLimiter attempts_;
};

}  // namespace answerable::access
