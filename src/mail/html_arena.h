// Memory of one HTML tree, given back at once: gumbo allocates some fifteen pieces an element. When a budget is used up
// reading is left through longjmp, so that whoever allocates from here holds nothing that has to be destroyed.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace answerable::mail {

// One thread. `out` must be set before the first allocation.
class HtmlArena {
 public:
  HtmlArena();
  ~HtmlArena();
  HtmlArena(const HtmlArena&) = delete;
  HtmlArena& operator=(const HtmlArena&) = delete;

  void* allocate(std::size_t bytes) {
    bytes = (bytes + 15) & ~std::size_t{15};
    if (++allocations_ % checked_every == 0) check_clock();
    if (bytes > left_) return allocate_chunk(bytes);
    auto* place = next_;
    next_ += bytes;
    left_ -= bytes;
    return place;
  }
  void reset();                               // what was allocated is not used any more
  std::size_t used() const { return used_; }  // bytes, in whole chunks

  std::jmp_buf out;

 private:
  static constexpr std::size_t first_chunk_bytes = 256 * 1024;
  static constexpr std::size_t checked_every = 4096;  // allocations between two looks at the clock

  static std::unique_ptr<char[]>& spare();
  void* allocate_chunk(std::size_t bytes);
  void check_clock();

  std::unique_ptr<char[]> first_;
  std::vector<char*> chunks_;  // further ones
  char* next_ = nullptr;
  std::size_t left_ = first_chunk_bytes, used_ = first_chunk_bytes, allocations_ = 0;
  std::int64_t deadline_ms_;
};

}  // namespace answerable::mail
