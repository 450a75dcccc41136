#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace answerable {

void Histogram::observe_us(std::int64_t microseconds) {
  auto us = std::max<std::int64_t>(microseconds, 0);
  auto bound = std::lower_bound(bounds_s.begin(), bounds_s.end(), static_cast<double>(us) / 1e6);
  buckets_[static_cast<std::size_t>(bound - bounds_s.begin())].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(static_cast<std::uint64_t>(us), std::memory_order_relaxed);
}

Metrics::Entry& Metrics::entry(Entry::Kind kind, std::string_view name, std::string_view help,
                               std::string_view labels) {
  std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    if (entry.name == name && entry.labels == labels) return entry;
  }
  auto& entry = entries_.emplace_back();
  entry.kind = kind;
  entry.name = name;
  entry.help = help;
  entry.labels = labels;
  return entry;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, std::string_view labels) {
  return entry(Entry::Kind::counter, name, help, labels).counter;
}
Gauge& Metrics::gauge(std::string_view name, std::string_view help, std::string_view labels) {
  return entry(Entry::Kind::gauge, name, help, labels).gauge;
}
Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::string_view labels) {
  return entry(Entry::Kind::histogram, name, help, labels).histogram;
}
void Metrics::watch(std::string_view name, std::string_view help, std::function<std::int64_t()> value,
                    std::string_view labels) {
  entry(Entry::Kind::watched, name, help, labels).watched = std::move(value);
}

std::string Metrics::text() const {
  std::lock_guard lock(mutex_);
  std::string page;
  std::set<std::string> described;
  for (const auto& entry : entries_) {
    constexpr std::string_view types[] = {"counter", "gauge", "histogram", "gauge"};
    if (described.insert(entry.name).second) {
      page += fmt::format("# HELP {} {}\n# TYPE {} {}\n", entry.name, entry.help, entry.name,
                          types[static_cast<std::size_t>(entry.kind)]);
    }
    auto braces = entry.labels.empty() ? std::string() : "{" + entry.labels + "}";
    switch (entry.kind) {
      case Entry::Kind::counter: page += fmt::format("{}{} {}\n", entry.name, braces, entry.counter.value()); break;
      case Entry::Kind::gauge: page += fmt::format("{}{} {}\n", entry.name, braces, entry.gauge.value()); break;
      case Entry::Kind::watched: page += fmt::format("{}{} {}\n", entry.name, braces, entry.watched()); break;
      case Entry::Kind::histogram: {
        auto comma = entry.labels.empty() ? "" : ",";
        std::uint64_t total = 0;
        for (std::size_t i = 0; i <= Histogram::bounds_s.size(); ++i) {
          total += entry.histogram.buckets_[i].load(std::memory_order_relaxed);
          auto bound = i < Histogram::bounds_s.size() ? fmt::format("{}", Histogram::bounds_s[i]) : "+Inf";
          page += fmt::format("{}_bucket{{{}{}le=\"{}\"}} {}\n", entry.name, entry.labels, comma, bound, total);
        }
        auto sum_us = entry.histogram.sum_us_.load(std::memory_order_relaxed);
        page += fmt::format("{}_sum{} {}\n", entry.name, braces, static_cast<double>(sum_us) / 1e6);
        page += fmt::format("{}_count{} {}\n", entry.name, braces, total);
        break;
      }
    }
  }
  return page;
}

}  // namespace answerable
