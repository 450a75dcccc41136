// One thread of an EventLoop with its queue, and the gate by which others reach it. For src/net/*.cpp only.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "net/asio.h"

namespace answerable::net {

// Survives its shard: a late answer or a forgotten WebSocket finds the gate closed instead of freed memory.
class LoopGate {
 public:
  explicit LoopGate(asio::io_context& context) : context_(&context) {}

  // Thread-safe. False (and the work is dropped) when the loop has ended.
  template <class Work>
  bool post(Work&& work) {
    std::lock_guard lock(mutex_);
    if (context_ == nullptr) return false;
    asio::post(*context_, std::forward<Work>(work));
    return true;
  }
  bool is_this_thread() const { return on_thread_ == this; }
  void close() {
    std::lock_guard lock(mutex_);
    context_ = nullptr;
  }

 private:
  friend class LoopShard;
  static inline thread_local const LoopGate* on_thread_ = nullptr;
  std::mutex mutex_;
  asio::io_context* context_;
};

class LoopShard {
 public:
  static constexpr std::size_t scratch_bytes = 32U << 10;

  LoopShard() : gate_(std::make_shared<LoopGate>(context_)), work_(context_.get_executor()) {}
  asio::io_context& context() { return context_; }
  Executor executor() { return context_.get_executor(); }
  const std::shared_ptr<LoopGate>& gate() const { return gate_; }
  // Where all plain connections of this thread read into: an idle connection then holds no buffer. Whoever reads must
  // use or copy the bytes before it waits for anything.
  std::array<char, scratch_bytes>& scratch() { return scratch_; }
  void run() {
    LoopGate::on_thread_ = gate_.get();
    context_.run();
    LoopGate::on_thread_ = nullptr;
  }
  void stop() { context_.stop(); }
  // IMF-fixdate of the second `now_ms` (RFC 9110 section 5.6.7), made once a second.
  std::string_view http_date(std::int64_t now_ms);

 private:
  asio::io_context context_{1};  // one thread runs it
  std::shared_ptr<LoopGate> gate_;
  asio::executor_work_guard<Executor> work_;
  std::array<char, scratch_bytes> scratch_{};
  std::int64_t date_s_ = -1;
  std::string date_;
};

}  // namespace answerable::net
