#include "net/connection.h"

#include <chrono>
#include <utility>

#include "net/event_loop.h"

namespace answerable::net {

ConnectionList::ConnectionList(EventLoop& loop, std::shared_ptr<std::atomic<std::int64_t>> count)
    : sets_(std::make_shared<std::vector<std::unordered_set<Connection*>>>(loop.thread_count())),
      count_(std::move(count)) {
  for (std::size_t i = 0; i < loop.thread_count(); ++i) {
    gates_.push_back(loop.shard(i).gate());
    shards_.push_back(&loop.shard(i));
  }
}

std::size_t ConnectionList::slot_of(const LoopShard& shard) const {
  std::size_t slot = 0;
  while (shards_[slot] != &shard) ++slot;
  return slot;
}

void ConnectionList::add(std::size_t slot, Connection* connection) { (*sets_)[slot].insert(connection); }
void ConnectionList::remove(std::size_t slot, Connection* connection) { (*sets_)[slot].erase(connection); }

bool ConnectionList::reserve(std::size_t max) {
  if (count_->fetch_add(1) < static_cast<std::int64_t>(max)) return true;
  release();
  return false;
}

void ConnectionList::release() {
  if (count_->fetch_sub(1) != 1 || !finishing_) return;
  std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void ConnectionList::for_all(void (Connection::*action)()) {
  for (std::size_t slot = 0; slot < gates_.size(); ++slot) {
    gates_[slot]->post([sets = sets_, slot, action] {
      std::vector<std::shared_ptr<Connection>> alive;  // the action may change the set
      for (auto* connection : (*sets)[slot]) {
        if (auto shared = connection->weak_from_this().lock()) alive.push_back(std::move(shared));
      }
      for (auto& connection : alive) (connection.get()->*action)();
    });
  }
}

bool ConnectionList::wait_until_empty(std::int64_t deadline_ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(deadline_ms), [this] { return *count_ == 0; });
}

bool ConnectionList::finish(std::int64_t deadline_ms) {
  finishing_ = true;
  if (deadline_ms > 0) for_all(&Connection::finish);
  bool clean = wait_until_empty(deadline_ms);
  // A connection that was being accepted joins late, so ask again until all are gone; when the loop itself has ended
  // they are gone already.
  constexpr std::int64_t again_ms = 20;
  for (int i = 0; i < 250 && *count_ > 0; ++i) {
    for_all(&Connection::drop);
    wait_until_empty(again_ms);
  }
  return clean;
}

Connection::Connection(Transport transport, std::shared_ptr<ConnectionList> list)
    : transport_(std::move(transport)),
      list_(std::move(list)),
      slot_(list_->slot_of(transport_.shard())),
      timer_(transport_.shard().executor()) {
  list_->add(slot_, this);
}

Connection::~Connection() {
  list_->remove(slot_, this);
  transport_.abort();
  if (counted_) list_->release();
}

Transport Connection::hand_over() {
  counted_ = false;
  clear_deadline();
  return std::move(transport_);
}

void Connection::set_deadline_ms(std::int64_t from_now_ms) {
  deadline_ = SteadyClock::now() + std::chrono::milliseconds(from_now_ms);
  if (deadline_ < armed_) arm(deadline_);
}

void Connection::arm(SteadyClock::time_point at) {
  armed_ = at;
  timer_.expires_at(at);  // cancels the wait before
  timer_.async_wait([weak = weak_from_this()](ErrorCode error) {
    auto self = error ? nullptr : weak.lock();
    if (!self) return;
    self->armed_ = SteadyClock::time_point::max();
    if (self->deadline_ <= SteadyClock::now()) {
      self->clear_deadline();
      self->on_deadline();
    } else if (self->deadline_ != SteadyClock::time_point::max()) {
      self->arm(self->deadline_);
    }
  });
}

}  // namespace answerable::net
