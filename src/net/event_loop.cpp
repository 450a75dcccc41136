#include "net/event_loop.h"

#include <atomic>
#include <ctime>
#include <thread>
#include <vector>

#include "base/ensure.h"
#include "base/thread_name.h"
#include "net/loop_shard.h"

namespace answerable::net {

std::string_view LoopShard::http_date(std::int64_t now_ms) {
  if (std::int64_t second = now_ms / 1000; second != date_s_) {
    date_s_ = second;
    constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto time = static_cast<std::time_t>(second);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char rest[40];
    auto size = std::strftime(rest, sizeof rest, " %Y %H:%M:%S GMT", &parts);
    char day[8];
    auto day_size = std::strftime(day, sizeof day, "%d", &parts);
    date_ = std::string(days[parts.tm_wday]) + ", " + std::string(day, day_size) + " " + months[parts.tm_mon] +
            std::string(rest, size);
  }
  return date_;
}

struct Timer::State {
  std::shared_ptr<LoopGate> gate;
  std::atomic<bool> cancelled{false};
  AsioTimer* timer = nullptr;  // touched on the loop's thread only; owned by the wait, so that it dies with the loop
  std::function<void()> work;

  static void start(const std::shared_ptr<State>& state, LoopShard& shard, SteadyClock::time_point due) {
    if (state->cancelled) return;
    auto timer = std::make_unique<AsioTimer>(shard.executor(), due);
    state->timer = timer.get();
    state->timer->async_wait([state, timer = std::move(timer)](ErrorCode error) {
      state->timer = nullptr;
      auto work = std::move(state->work);
      if (!error && !state->cancelled.exchange(true) && work) work();
    });
  }
};

void Timer::cancel() {
  if (!state_ || state_->cancelled.exchange(true)) return;
  state_->gate->post([state = state_] {
    if (state->timer != nullptr) state->timer->cancel();
    state->work = nullptr;
  });
}

struct EventLoop::Threads {
  std::vector<std::unique_ptr<LoopShard>> shards;
  std::vector<std::thread> threads;
};

EventLoop::EventLoop(std::size_t threads) : threads_(std::make_unique<Threads>()) {
  ensure(threads > 0, "an event loop has a thread");
  for (std::size_t i = 0; i < threads; ++i) threads_->shards.push_back(std::make_unique<LoopShard>());
  for (auto& shard : threads_->shards)
    threads_->threads.emplace_back([&shard = *shard] {
      name_this_thread("net");
      shard.run();
    });
}

EventLoop::~EventLoop() { stop(); }

void EventLoop::stop() {
  for (auto& shard : threads_->shards) shard->stop();
  for (auto& thread : threads_->threads) {
    if (thread.joinable()) thread.join();
  }
  // First all gates, then the contexts: what dies with a context may still try to reach another one.
  for (auto& shard : threads_->shards) shard->gate()->close();
  threads_->shards.clear();
}

void EventLoop::post(std::function<void()> work) {
  if (!threads_->shards.empty()) threads_->shards.front()->gate()->post(std::move(work));
}

Timer EventLoop::run_after(std::int64_t delay_ms, std::function<void()> work) {
  Timer handle;
  if (threads_->shards.empty()) return handle;
  auto& shard = *threads_->shards.front();
  handle.state_ = std::make_shared<Timer::State>();
  handle.state_->gate = shard.gate();
  handle.state_->work = std::move(work);
  auto state = handle.state_;
  auto due = SteadyClock::now() + std::chrono::milliseconds(delay_ms);
  shard.gate()->post([state, &shard, due] { Timer::State::start(state, shard, due); });
  return handle;
}

std::size_t EventLoop::thread_count() const { return threads_->threads.size(); }

LoopShard& EventLoop::shard(std::size_t i) { return *threads_->shards[i % threads_->shards.size()]; }

}  // namespace answerable::net
