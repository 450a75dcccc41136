// What every connection has: a transport, one deadline, and a place in the list of its server, so that the server can
// ask all to finish. Used by one thread of the loop. For src/net/*.cpp only.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "net/transport.h"

namespace answerable::net {

class Connection;
class EventLoop;

// All connections of one server: a set for each thread of the loop, touched by that thread only.
class ConnectionList {
 public:
  ConnectionList(EventLoop& loop, std::shared_ptr<std::atomic<std::int64_t>> count);
  std::size_t slot_of(const LoopShard& shard) const;
  void add(std::size_t slot, Connection* connection);
  void remove(std::size_t slot, Connection* connection);

  // Counted from accept() to the end of the connection, so that a limit is exact.
  bool reserve(std::size_t max);
  void release();

  // Not from the loop's threads. Asks all to finish; drops those left after the deadline; true when there were none.
  bool finish(std::int64_t deadline_ms);
  bool is_finishing() const { return finishing_; }

 private:
  void for_all(void (Connection::*action)());
  bool wait_until_empty(std::int64_t deadline_ms);

  std::vector<std::shared_ptr<LoopGate>> gates_;
  std::vector<const LoopShard*> shards_;
  std::shared_ptr<std::vector<std::unordered_set<Connection*>>> sets_;
  std::shared_ptr<std::atomic<std::int64_t>> count_;
  std::atomic<bool> finishing_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Transport transport, std::shared_ptr<ConnectionList> list);
  virtual ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual void finish() = 0;  // graceful: end when what is in flight is done
  virtual void drop() { transport_.abort(); }

 protected:
  // The timer is armed only when the deadline comes nearer than the timer's own end, so that a deadline for each
  // request costs no system of timers: a later deadline is noticed when the timer ends too early.
  void set_deadline_ms(std::int64_t from_now_ms);
  void clear_deadline() { deadline_ = SteadyClock::time_point::max(); }
  virtual void on_deadline() { drop(); }

  // The place in the list and the count go over to the connection that takes over the transport.
  Transport hand_over();
  std::shared_ptr<ConnectionList> list() const { return list_; }

  Transport transport_;

 private:
  void arm(SteadyClock::time_point at);

  std::shared_ptr<ConnectionList> list_;
  std::size_t slot_;
  bool counted_ = true;
  AsioTimer timer_;
  SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
  SteadyClock::time_point armed_ = SteadyClock::time_point::max();
};

}  // namespace answerable::net
