// The threads that wait for sockets and timers. Each thread has its own queue; a connection stays with one thread, so
// nothing on it needs a lock. Work that blocks belongs on the worker pool. Own one, start servers on it, destroy it
// last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace answerable::net {

class LoopShard;

class Timer {  // a handle; letting it go does not cancel
 public:
  Timer() = default;
  // Thread-safe. On the loop's first thread the function will surely not run after this; elsewhere it may be running.
  void cancel();

 private:
  friend class EventLoop;
  struct State;
  std::shared_ptr<State> state_;
};

class EventLoop {
 public:
  explicit EventLoop(std::size_t threads = 1);  // starts them
  ~EventLoop();                                 // stop()
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Both thread-safe; they run on the first thread, in order of posting. After stop() they are dropped.
  void post(std::function<void()> work);
  Timer run_after(std::int64_t delay_ms, std::function<void()> work);

  // Ends the threads at once, from any thread but its own; connections are dropped. Servers stop gracefully before.
  void stop();

  std::size_t thread_count() const;
  LoopShard& shard(std::size_t i);  // for src/net/*.cpp

 private:
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

}  // namespace answerable::net
