// What processes on one PostgreSQL say to each other (LISTEN and NOTIFY): short words that nobody stores. Who is not
// connected at the moment does not hear them, so a word may only wake.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace answerable::store {

struct NotificationOptions {
  std::string location;  // libpq connection string; a pooler that lends connections out (PgBouncer) hears nothing
  std::string channel;   // [a-z_]+
  // On the notifications' own thread, while nothing else is heard: short.
  std::function<void(std::string_view word)> on_heard;  // from other processes only
  std::function<void()> on_gap;                         // connected again: words may have been missed
};

class Notifications {
 public:
  static constexpr std::size_t word_bytes_max = 7'999;  // PostgreSQL's bound
  static constexpr std::size_t waiting_max = 10'000;    // words; beyond, all that wait are forgotten

  // Connects on its own thread, again and again when it has to, waiting 100 ms to 5 s.
  static std::unique_ptr<Notifications> start(NotificationOptions options);
  virtual ~Notifications() = default;  // says what waits, if it is connected, and ends

  // Never blocks; any thread. What waits already is said once. A word that is too long or holds a NUL is not said.
  virtual void say(std::string word) = 0;
};

}  // namespace answerable::store
