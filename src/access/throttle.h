// Slows down guessing of passwords without letting a stranger lock anybody out: attempts from a device on which this
// person has signed in before are counted on their own, all others by account and by network address. In memory, per
// process.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace answerable::access {

struct SignInAttempt {
  std::string email_key;
  std::string device;       // hash of the device's token, only when it is known for this account; else empty
  std::string address_key;  // the network address; for IPv6 its /64
};

// Thread-safe.
class SignInThrottle {
 public:
  static constexpr std::int64_t window_ms = 15 * 60'000;
  static constexpr int per_device = 10;
  static constexpr int per_account = 10;
  static constexpr int per_address = 50;
  static constexpr std::size_t counters_max = 100'000;  // beyond: the ones that have run out are dropped, then all

  explicit SignInThrottle(const Clock& clock) : clock_(clock) {}
  // Counts the attempt before the password is looked at. 0: go on; otherwise how long to wait, and nothing is counted.
  std::int64_t admit(const SignInAttempt& attempt);
  // The password was right: the attempt no longer counts.
  void forgive(const SignInAttempt& attempt);

 private:
  struct Counter {
    int attempts = 0;
    std::int64_t until_ms = 0;  // monotonic
  };
  std::int64_t wait_for(const std::string& key, int limit, std::int64_t now_ms);
  void count(const std::string& key, std::int64_t now_ms);
  void uncount(const std::string& key);
  void make_room(std::int64_t now_ms);

  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Counter> counters_;
};

}  // namespace answerable::access
