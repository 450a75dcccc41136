// Read-only connections, opened when first needed, lent to one caller at a time. Thread-safe; a caller waits for a free
// one.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "store/driver.h"

namespace answerable::store {

class ReaderPool {
 public:
  using Open = std::function<Result<std::unique_ptr<Driver>>()>;

  ReaderPool(Open open, int readers_max, const Clock& clock);

  // One snapshot for the whole job. A job that reads again through the pool would wait for itself: that aborts.
  Status read(const std::function<Status(Session&)>& job);
  // Waits for running reads; later ones are refused with unavailable "shutting_down".
  void close();

 private:
  Result<std::unique_ptr<Driver>> take();
  void give_back(std::unique_ptr<Driver> driver);

  const Open open_;
  const int readers_max_;
  const Clock& clock_;

  std::mutex mutex_;
  std::condition_variable free_or_closed_;
  std::vector<std::unique_ptr<Driver>> idle_;
  int opened_ = 0;
  int lent_ = 0;
  bool closing_ = false;
};

}  // namespace answerable::store
