#include "access/password.h"

#include <glib.h>
#include <sodium.h>

#include <array>
#include <memory>
#include <utility>

#include "base/ensure.h"
#include "base/random.h"
#include "base/thread_name.h"

namespace answerable::access {
namespace {

std::string dummy_hash(const PasswordCost& cost) {
  // Any salt and sum do: nothing verifies against them, but the work is that of a real hash with these parameters.
  return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) + ",t=" + std::to_string(cost.passes) +
         ",p=1$c29tZXNhbHRzb21lc2FsdA$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
}

}  // namespace

std::string compose_password(std::string_view password) {
  const std::unique_ptr<gchar, decltype(&g_free)> composed(
      g_utf8_normalize(password.data(), static_cast<gssize>(password.size()), G_NORMALIZE_NFC), &g_free);
  return composed ? std::string(composed.get()) : std::string(password);
}

std::string make_temporary_password() {
  constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  constexpr std::size_t groups = 4;
  constexpr std::size_t group_size = 5;
  std::string password;
  for (std::size_t i = 0; i < groups * group_size; ++i) {
    if (i > 0 && i % group_size == 0) password.push_back('-');
    password.push_back(alphabet[random_below(alphabet.size())]);
  }
  return password;
}

Result<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  ensure(sodium_init() >= 0, "libsodium starts");
  const auto text = compose_password(password);
  std::array<char, crypto_pwhash_argon2id_STRBYTES> hash{};
  if (crypto_pwhash_argon2id_str(hash.data(), text.data(), text.size(), cost.passes, cost.memory_bytes) != 0)
    return fail(ErrorKind::unavailable, "hashing_unavailable", "There is not enough memory now. Try again.");
  return std::string(hash.data());
}

PasswordMatch match_password(std::string_view hash, std::string_view password, const PasswordCost& cost) {
  ensure(sodium_init() >= 0, "libsodium starts");
  const auto against = hash.empty() ? dummy_hash(cost) : std::string(hash);
  const auto matches = [&](std::string_view text) {
    return crypto_pwhash_argon2id_str_verify(against.c_str(), text.data(), text.size()) == 0 && !hash.empty();
  };
  const auto composed = compose_password(password);
  if (matches(composed)) return PasswordMatch::yes;
  if (composed == password) return PasswordMatch::no;
  return matches(password) ? PasswordMatch::old_form : PasswordMatch::no;
}

bool needs_new_hash(std::string_view hash, const PasswordCost& cost) {
  return crypto_pwhash_argon2id_str_needs_rehash(std::string(hash).c_str(), cost.passes, cost.memory_bytes) != 0;
}

HashingThreads::HashingThreads(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

HashingThreads::~HashingThreads() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool HashingThreads::submit(std::move_only_function<void()> job) {
  {
    const std::scoped_lock lock(mutex_);
    if (is_ending_ || jobs_.size() >= waiting_max) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void HashingThreads::work() {
  name_this_thread("hashing");
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return is_ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;  // what it holds is let go outside the lock
    lock.lock();
  }
}

}  // namespace answerable::access
