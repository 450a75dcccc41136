#include "store/postgres/notifications.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "base/ensure.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "store/postgres/wire.h"

namespace answerable::store {
namespace {

constexpr int first_wait_ms = 100, last_wait_ms = 5'000;

struct Disconnect {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

class ListeningConnection final : public Notifications {
 public:
  explicit ListeningConnection(NotificationOptions options)
      : options_(std::move(options)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this] { loop(); }) {
    ensure(wake_ >= 0, "an eventfd is made");
  }
  ~ListeningConnection() override {
    stopping_ = true;
    wake();
    thread_.join();
    ::close(wake_);
  }

  void say(std::string word) override {
    if (word.size() > word_bytes_max || word.find('\0') != std::string::npos) return;
    {
      std::lock_guard lock(mutex_);
      if (waiting_.size() >= waiting_max) waiting_.clear();
      waiting_.insert(std::move(word));
    }
    wake();
  }

 private:
  using Clock = std::chrono::steady_clock;

  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(wake_, &one, sizeof one);  // full: it is awake
  }
  bool is_connected() const { return connection_ && PQstatus(connection_.get()) == CONNECTION_OK; }
  void loop();
  void connect();
  void wait();
  void say_waiting();
  void hear();

  const NotificationOptions options_;
  const int wake_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::set<std::string> waiting_;
  // The thread's own.
  std::unique_ptr<PGconn, Disconnect> connection_;
  bool was_connected_ = false;
  int wait_ms_ = 0;
  Clock::time_point next_attempt_{};
  std::thread thread_;  // last: uses all of the above
};

void ListeningConnection::loop() {
  name_this_thread("notifications");
  while (!stopping_) {
    if (!is_connected() && Clock::now() >= next_attempt_) connect();
    say_waiting();
    hear();
    wait();
  }
  say_waiting();
}

void ListeningConnection::connect() {
  wait_ms_ = std::clamp(wait_ms_ * 2, first_wait_ms, last_wait_ms);
  next_attempt_ = Clock::now() + std::chrono::milliseconds(wait_ms_);
  const char* const keys[] = {"dbname",           "client_encoding",  "application_name",
                              "connect_timeout",  "keepalives_idle",  "keepalives_interval",
                              "keepalives_count", "tcp_user_timeout", nullptr};
  const char* const values[] = {
      options_.location.c_str(), "UTF8", "answerable notifications", "5", "5", "2", "3", "15000", nullptr};
  connection_.reset(PQconnectdbParams(keys, values, 1));
  if (!is_connected()) return;  // the database's own connections say so in the log
  PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
  const PgResult listening(PQexec(connection_.get(), ("listen " + options_.channel).c_str()));
  if (PQresultStatus(listening.get()) != PGRES_COMMAND_OK) return connection_.reset();
  wait_ms_ = 0;
  if (was_connected_) options_.on_gap();
  was_connected_ = true;
}

// Until something is heard or is to be said, or it is time to connect again.
void ListeningConnection::wait() {
  std::array<pollfd, 2> events{pollfd{.fd = wake_, .events = POLLIN, .revents = 0},
                               pollfd{.fd = -1, .events = POLLIN, .revents = 0}};
  auto timeout_ms = -1;
  if (is_connected()) {
    events[1].fd = PQsocket(connection_.get());
  } else {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_attempt_ - Clock::now()).count();
    timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left, 1, last_wait_ms));
  }
  ::poll(events.data(), events.size(), timeout_ms);
  std::uint64_t count = 0;
  [[maybe_unused]] auto emptied = ::read(wake_, &count, sizeof count);
}

void ListeningConnection::say_waiting() {
  if (!is_connected()) return;
  std::set<std::string> words;
  {
    std::lock_guard lock(mutex_);
    words.swap(waiting_);
  }
  for (const auto& word : words) {
    const char* const values[] = {options_.channel.c_str(), word.c_str()};
    const PgResult said(
        PQexecParams(connection_.get(), "select pg_notify($1, $2)", 2, nullptr, values, nullptr, nullptr, 0));
    if (PQresultStatus(said.get()) != PGRES_TUPLES_OK)
      log::warning("notification_not_said", {{"message", PQerrorMessage(connection_.get())}});
  }
}

void ListeningConnection::hear() {
  if (!is_connected()) return;
  if (PQconsumeInput(connection_.get()) == 0) return connection_.reset();
  struct Free {
    void operator()(PGnotify* notification) const { PQfreemem(notification); }
  };
  while (const std::unique_ptr<PGnotify, Free> heard{PQnotifies(connection_.get())}) {
    if (heard->be_pid != PQbackendPID(connection_.get())) options_.on_heard(heard->extra);
  }
}

}  // namespace

std::unique_ptr<Notifications> Notifications::start(NotificationOptions options) {
  return std::make_unique<ListeningConnection>(std::move(options));
}

}  // namespace answerable::store
