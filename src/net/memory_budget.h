// How many bytes of large bodies may be in memory at once, over all connections: without it a few slow peers with large
// bodies or answers could take all memory. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace answerable::net {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t bytes_max) : bytes_max_(static_cast<std::int64_t>(bytes_max)) {}
  bool take(std::size_t bytes) {
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (used_.fetch_add(wanted) + wanted <= bytes_max_) return true;
    give(bytes);
    return false;
  }
  void give(std::size_t bytes) { used_.fetch_sub(static_cast<std::int64_t>(bytes)); }
  std::int64_t used() const { return used_; }

 private:
  const std::int64_t bytes_max_;
  std::atomic<std::int64_t> used_{0};
};

// What one connection holds of it; given back at its end. One thread at a time; the budget outlives it.
class MemoryShare {
 public:
  explicit MemoryShare(MemoryBudget& budget) : budget_(budget) {}
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;
  ~MemoryShare() { release(); }
  // False: there is not so much left; what was held is still held.
  bool grow_to(std::size_t bytes) {
    if (bytes <= held_) return true;
    if (!budget_.take(bytes - held_)) return false;
    held_ = bytes;
    return true;
  }
  void release() {
    budget_.give(held_);
    held_ = 0;
  }

 private:
  MemoryBudget& budget_;
  std::size_t held_ = 0;
};

}  // namespace answerable::net
