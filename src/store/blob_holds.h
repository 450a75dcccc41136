// Which blobs a sweep must leave alone: those that somebody has put and whose row may not be committed yet, and all
// that were so at any moment of the sweep. Thread-safe. Why this is enough: docs/decisions/0013-blobs-are-held.md.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "base/digest.h"
#include "store/blobs.h"

namespace answerable::store {

// Blobs go by the names of their files here. One name held, or seen by the sweep under way, is some 100 bytes.
class BlobHolds : public std::enable_shared_from_this<BlobHolds> {
 public:
  BlobHold hold(const Digest& name);

  // As long as it lives, every blob that is or comes to be held stays protected, also when its hold ends. One at a
  // time.
  class Sweep {
   public:
    explicit Sweep(BlobHolds& holds);
    ~Sweep();
    Sweep(const Sweep&) = delete;
    Sweep& operator=(const Sweep&) = delete;
    // Runs `act`, unless the blob is protected. Whoever wants to hold it meanwhile waits until `act` has returned.
    void unless_held(const Digest& name, const std::function<void()>& act);

   private:
    BlobHolds& holds_;
  };

 private:
  void release(const Digest& name);

  std::mutex mutex_;
  std::map<Digest, int> held_;  // by how many
  bool is_sweeping_ = false;
  std::set<Digest> protected_;  // of the sweep under way
};

}  // namespace answerable::store
