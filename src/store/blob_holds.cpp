#include "store/blob_holds.h"

#include "base/ensure.h"

namespace answerable::store {

BlobHold BlobHolds::hold(const Digest& name) {
  {
    std::lock_guard lock(mutex_);
    ++held_[name];
    if (is_sweeping_) protected_.insert(name);
  }
  return {this, [holds = shared_from_this(), name](const void*) { holds->release(name); }};
}

void BlobHolds::release(const Digest& name) {
  std::lock_guard lock(mutex_);
  auto held = held_.find(name);
  if (--held->second == 0) held_.erase(held);
}

BlobHolds::Sweep::Sweep(BlobHolds& holds) : holds_(holds) {
  std::lock_guard lock(holds_.mutex_);
  ensure(!holds_.is_sweeping_, "one sweep at a time");
  holds_.is_sweeping_ = true;
  for (const auto& [name, count] : holds_.held_) holds_.protected_.insert(name);
}

BlobHolds::Sweep::~Sweep() {
  std::lock_guard lock(holds_.mutex_);
  holds_.is_sweeping_ = false;
  holds_.protected_.clear();
}

void BlobHolds::Sweep::unless_held(const Digest& name, const std::function<void()>& act) {
  std::lock_guard lock(holds_.mutex_);
  if (!holds_.protected_.contains(name)) act();
}

}  // namespace answerable::store
