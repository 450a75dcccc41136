#include "access/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/encoding.h"
#include "base/ensure.h"
#include "base/random.h"
#include "base/thread_name.h"

namespace answerable::access {
namespace {

// Long enough for the rule and still among the first guesses. Compared without regard to case, digits and signs at the
// end.
constexpr std::array<std::string_view, 28> common_passwords{
    "passwordpassword", "password",       "passwort",        "motdepasse",     "letmein",
    "letmeinplease",    "iloveyou",       "iloveyouforever", "qwertyuiop",     "qwertyuiopasdf",
    "qwertyqwerty",     "qwertzuiop",     "azertyuiop",      "administrator",  "administrateur",
    "welcome",          "welcomewelcome", "changeme",        "changemeplease", "superuser",
    "trustno",          "sunshine",       "princess",        "football",       "correcthorsebatterystaple",
    "answerable",       "abcdefghijkl",   "secretsecret"};

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return out;
}

std::string_view without_tail(std::string_view text) {
  while (!text.empty() && !std::isalpha(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// One or two characters over and over, or a run such as 123456789012 or abcdefghijkl.
bool is_monotonous(std::string_view text) {
  std::array<bool, 256> seen{};
  std::size_t steps = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    seen[static_cast<unsigned char>(text[i])] = true;
    if (i > 0 && (text[i] - text[i - 1] == 1 || text[i] - text[i - 1] == -1 || text[i] - text[i - 1] == -9)) ++steps;
  }
  return std::count(seen.begin(), seen.end(), true) <= 2 || steps + 2 >= text.size();
}

bool is_about(std::string_view folded_password, std::string_view own_words) {
  const auto words = folded(own_words);
  return words.size() >= 4 && without_tail(folded_password) == without_tail(words);
}

std::string dummy_hash(const PasswordCost& cost) {
  // Any salt and sum do: nothing verifies against them, but the work is that of a real hash with these parameters.
  return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) + ",t=" + std::to_string(cost.passes) +
         ",p=1$c29tZXNhbHRzb21lc2FsdA$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
}

}  // namespace

Status check_password_rules(std::string_view password, std::string_view mail_address, std::string_view name) {
  if (count_characters(password) < password_characters_min)
    return fail(ErrorKind::invalid, "password_too_short", "A password needs at least 12 characters.");
  if (password.size() > password_bytes_max)
    return fail(ErrorKind::invalid, "password_too_long", "A password has at most 256 bytes.");
  const auto lower = folded(password);
  const auto stem = without_tail(lower);
  const bool is_common = std::find(common_passwords.begin(), common_passwords.end(), stem) != common_passwords.end();
  const auto local_part = mail_address.substr(0, mail_address.find('@'));
  if (is_common || is_monotonous(lower) || is_about(lower, mail_address) || is_about(lower, local_part) ||
      is_about(lower, name))
    return fail(ErrorKind::invalid, "password_too_common",
                "This password is among the first that are guessed. Choose another.");
  return {};
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
  std::array<char, crypto_pwhash_argon2id_STRBYTES> hash{};
  if (crypto_pwhash_argon2id_str(hash.data(), password.data(), password.size(), cost.passes, cost.memory_bytes) != 0)
    return fail(ErrorKind::unavailable, "hashing_unavailable", "There is not enough memory now. Try again.");
  return std::string(hash.data());
}

bool verify_password(std::string_view hash, std::string_view password, const PasswordCost& cost) {
  ensure(sodium_init() >= 0, "libsodium starts");
  const auto against = hash.empty() ? dummy_hash(cost) : std::string(hash);
  const bool matches = crypto_pwhash_argon2id_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return matches && !hash.empty();
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
