// Passwords as they are kept: composed (Unicode NFC), then Argon2id (RFC 9106) through libsodium. Hashing takes about
// 0.15 s and 64 MiB, so it runs on its own few threads, never on the event loop, a worker or the database's writer.
// Which passwords are accepted stands in password_rules.h.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"

namespace answerable::access {

struct PasswordCost {
  std::size_t memory_bytes = 64U << 20;
  std::uint64_t passes = 2;
};

// NFC (UAX #15): one keyboard sends é as one character, another as two. What is not UTF-8 stays as it is.
std::string compose_password(std::string_view password);

// 20 characters without look-alikes, about 98 bits; to be changed at the first sign-in.
std::string make_temporary_password();

// Argon2id string with salt and parameters. Errors: unavailable "hashing_unavailable" (no memory). Blocks.
Result<std::string> hash_password(std::string_view password, const PasswordCost& cost = {});
// `old_form`: hashed as it was typed, before passwords were composed; to be hashed anew.
enum class PasswordMatch : std::uint8_t { no, yes, old_form };
// With an empty hash (nobody has that address) it takes the same time and says no. A password that composing changes
// takes twice the time, right or wrong. Blocks.
PasswordMatch match_password(std::string_view hash, std::string_view password, const PasswordCost& cost = {});
inline bool verify_password(std::string_view hash, std::string_view password, const PasswordCost& cost = {}) {
  return match_password(hash, password, cost) != PasswordMatch::no;
}
bool needs_new_hash(std::string_view hash, const PasswordCost& cost);

// The threads that hash. At most `threads` hashes at once bound the memory; more than `waiting_max` waiting are
// refused.
class HashingThreads {
 public:
  static constexpr std::size_t threads_default = 2;
  static constexpr std::size_t waiting_max = 64;

  explicit HashingThreads(std::size_t threads = threads_default);
  ~HashingThreads();  // runs what waits, then ends
  HashingThreads(const HashingThreads&) = delete;
  HashingThreads& operator=(const HashingThreads&) = delete;

  [[nodiscard]] bool submit(std::move_only_function<void()> job);  // false: too many wait

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::move_only_function<void()>> jobs_;
  bool is_ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace answerable::access
