// Counters, gauges and histograms, shown in the Prometheus text format 0.0.4. Thread-safe; updates are lock-free.
// A metric lives as long as the process: keep the reference that the registry returns.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace answerable {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Latencies in seconds, buckets 0.5 ms to 30 s, and of what takes its time (mail on its way) to a day.
class Histogram {
 public:
  static constexpr std::array<double, 19> bounds_s{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,   0.25,  0.5,
                                                   1,      2.5,   5,      10,    30,   120,   600,  3'600, 86'400};
  void observe_us(std::int64_t microseconds);

 private:
  friend class Metrics;
  std::array<std::atomic<std::uint64_t>, bounds_s.size() + 1> buckets_{};
  std::atomic<std::uint64_t> sum_us_{0};
};

class Metrics {
 public:
  // `name` follows Prometheus naming (answerable_mail_accepted_total); `labels` is either empty or written out as
  // channel="email",result="ok" by the programmer: never from input. The same name and labels give the same metric.
  Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, std::string_view labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::string_view labels = {});
  // A gauge whose value is asked for when the page is shown.
  void watch(std::string_view name, std::string_view help, std::function<std::int64_t()> value,
             std::string_view labels = {});
  std::string text() const;

 private:
  struct Entry {
    enum class Kind : std::uint8_t { counter, gauge, histogram, watched } kind;
    std::string name, help, labels;
    Counter counter;
    Gauge gauge;
    Histogram histogram;
    std::function<std::int64_t()> watched;
  };
  Entry& entry(Entry::Kind kind, std::string_view name, std::string_view help, std::string_view labels);

  mutable std::mutex mutex_;
  std::deque<Entry> entries_;  // a deque: references stay valid
};

}  // namespace answerable
