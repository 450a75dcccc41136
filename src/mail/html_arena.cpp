#include "mail/html_arena.h"

#include <cstdlib>
#include <ctime>

#include "mail/limits.h"

namespace answerable::mail {

namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;

std::int64_t processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

HtmlArena::HtmlArena() : first_(std::move(spare())), deadline_ms_(processor_ms() + max_html_parse_ms) {
  if (first_ == nullptr) first_ = std::make_unique_for_overwrite<char[]>(first_chunk_bytes);
  next_ = first_.get();
}

HtmlArena::~HtmlArena() {
  reset();
  spare().swap(first_);
}

void HtmlArena::reset() {
  for (auto* chunk : chunks_) std::free(chunk);
  chunks_.clear();
  next_ = first_.get();
  left_ = used_ = first_chunk_bytes;
}

// The first chunk goes from document to document of a thread: most need one, and the system clears each.
std::unique_ptr<char[]>& HtmlArena::spare() {
  thread_local std::unique_ptr<char[]> chunk;
  return chunk;
}

void* HtmlArena::allocate_chunk(std::size_t bytes) {
  auto large = bytes > chunk_bytes / 4;
  auto size = large ? bytes : chunk_bytes;
  used_ += size;
  if (used_ > max_html_memory_bytes) std::longjmp(out, 1);
  auto* chunk = static_cast<char*>(std::malloc(size));
  if (chunk == nullptr) std::longjmp(out, 1);
  chunks_.push_back(chunk);
  if (large) return chunk;  // the current chunk goes on
  next_ = chunk + bytes;
  left_ = size - bytes;
  return chunk;
}

void HtmlArena::check_clock() {
  if (processor_ms() > deadline_ms_) std::longjmp(out, 1);
}

}  // namespace answerable::mail
