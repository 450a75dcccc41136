#include "cluster/fanout.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <shared_mutex>

#include "store/postgres/notifications.h"

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

// "wake WORKSPACE" or "signal WORKSPACE KIND CONVERSATION TEXT", the text to the end.
std::string wake_word(WorkspaceId workspace) { return "wake " + workspace.text(); }

std::string signal_word(const Signal& signal) {
  return "signal " + signal.workspace.value_or(WorkspaceId{}).text() + " " + signal.kind + " " +
         signal.conversation.text() + " " + signal.text;
}

// Up to the next blank; the rest stays.
std::string_view take_part(std::string_view& rest) {
  const auto part = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

class AcrossNodes final : public Fanout {
 public:
  explicit AcrossNodes(std::string location)
      : others_(store::Notifications::start({.location = std::move(location),
                                             .channel = "answerable",
                                             .on_heard = [this](std::string_view word) { hear(word); },
                                             .on_gap = [this] { tell_gap(); }})) {}

  void wake(WorkspaceId workspace) override {
    here_->wake(workspace);
    others_->say(wake_word(workspace));
  }
  void signal(const Signal& signal) override {
    here_->signal(signal);
    others_->say(signal_word(signal));
  }
  std::unique_ptr<Subscription> on_wake(std::function<void(WorkspaceId)> callback) override {
    return here_->on_wake(std::move(callback));
  }
  std::unique_ptr<Subscription> on_signal(std::function<void(const Signal&)> callback) override {
    return here_->on_signal(std::move(callback));
  }

 private:
  // What a newer program says in another way is not understood, and not needed.
  void hear(std::string_view word) {
    const auto what = take_part(word);
    const auto workspace = WorkspaceId::parse(take_part(word));
    if (!workspace) return;
    if (what == "wake") return here_->wake(*workspace);
    if (what != "signal") return;
    Signal signal{.workspace = workspace, .kind = std::string(take_part(word)), .is_from_elsewhere = true};
    const auto conversation = ConversationId::parse(take_part(word));
    if (!conversation) return;
    signal.conversation = *conversation;
    signal.text = word;
    here_->signal(signal);
  }
  void tell_gap() { here_->signal({.workspace = {}, .kind = std::string(missed_signals), .text = {}}); }

  std::unique_ptr<Fanout> here_ = Fanout::in_process();
  std::unique_ptr<store::Notifications> others_;  // last: it calls us from its thread
};

}  // namespace

std::unique_ptr<Fanout> Fanout::in_process() { return std::make_unique<InProcess>(); }

std::unique_ptr<Fanout> Fanout::across_nodes(std::string location) {
  return std::make_unique<AcrossNodes>(std::move(location));
}

}  // namespace answerable::cluster
