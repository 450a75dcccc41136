#include "cluster/fanout.h"

#include <list>
#include <mutex>
#include <shared_mutex>

namespace answerable::cluster {
namespace {

// Callbacks run under the shared lock, so ending a subscription, which takes the lock alone, waits for those that run.
template <class Argument>
class Listeners : public std::enable_shared_from_this<Listeners<Argument>> {
 public:
  using Callback = std::function<void(const Argument&)>;

  void tell(const Argument& argument) {
    std::shared_lock lock(mutex_);
    for (const auto& callback : callbacks_) callback(argument);
  }

  std::unique_ptr<Subscription> add(Callback callback) {
    std::unique_lock lock(mutex_);
    auto place = callbacks_.insert(callbacks_.end(), std::move(callback));
    return std::make_unique<Membership>(this->shared_from_this(), place);
  }

 private:
  using Place = typename std::list<Callback>::iterator;

  class Membership final : public Subscription {
   public:
    Membership(std::shared_ptr<Listeners> listeners, Place place) : listeners_(std::move(listeners)), place_(place) {}
    ~Membership() override {
      std::unique_lock lock(listeners_->mutex_);
      listeners_->callbacks_.erase(place_);
    }

   private:
    std::shared_ptr<Listeners> listeners_;
    Place place_;
  };

  std::shared_mutex mutex_;
  std::list<Callback> callbacks_;
};

class InProcess final : public Fanout {
 public:
  void wake(WorkspaceId workspace) override { wakes_->tell(workspace); }
  void signal(const Signal& signal) override { signals_->tell(signal); }
  std::unique_ptr<Subscription> on_wake(std::function<void(WorkspaceId)> callback) override {
    return wakes_->add(std::move(callback));
  }
  std::unique_ptr<Subscription> on_signal(std::function<void(const Signal&)> callback) override {
    return signals_->add(std::move(callback));
  }

 private:
  std::shared_ptr<Listeners<WorkspaceId>> wakes_ = std::make_shared<Listeners<WorkspaceId>>();
  std::shared_ptr<Listeners<Signal>> signals_ = std::make_shared<Listeners<Signal>>();
};

}  // namespace

std::unique_ptr<Fanout> Fanout::in_process() { return std::make_unique<InProcess>(); }

}  // namespace answerable::cluster
