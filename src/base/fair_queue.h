// Work that waits, by whom it is for: each lane has its own bounded queue, and lanes are served by the time that their
// work has taken, not by how much of it there is (start-time fair queueing; Goyal, Vin and Cheng, SIGCOMM 1996). So one
// that floods waits behind itself. Pure; not thread-safe.
//
// A lane's tag is the virtual time at which its next piece begins. The lane with the lowest tag is next. A piece is
// charged when it begins by what the lane's pieces cost lately, and set right when it ends. A lane that was idle
// begins at the present virtual time: it has saved nothing up, and owes nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/ensure.h"

namespace answerable {

using Lane = std::uint64_t;
// Two that share a lane by chance share its turns, and lose nothing else.
inline Lane lane_of(std::string_view who) { return std::hash<std::string_view>{}(who); }

struct FairQueueLimits {
  std::size_t waiting_max = 4'096;
  std::size_t lane_waiting_max = 4'096;  // of one lane
  std::size_t lane_running_max = 64;     // pieces of one lane at once, so that some threads are left for the others
};

template <class Piece>
class FairQueue {
 public:
  explicit FairQueue(FairQueueLimits limits) : limits_(limits) {}

  // False: the lane is at its bound, or all is; see evict().
  bool push(Lane lane, Piece& piece) {
    auto& state = lanes_[lane];
    if (waiting_ >= limits_.waiting_max || state.waiting.size() >= limits_.lane_waiting_max) {
      forget_if_idle(lane);
      return false;
    }
    if (state.is_idle()) state.tag = std::max(state.tag, now_);
    state.waiting.push_back(std::move(piece));
    ++waiting_;
    if (state.waiting.size() == 1) make_ready(lane, state);
    return true;
  }

  // The next piece, whose lane is told to end() it. Nothing: none may run now.
  std::optional<std::pair<Lane, Piece>> pop() {
    if (ready_.empty()) return std::nullopt;
    const auto [tag, lane] = *ready_.begin();
    ready_.erase(ready_.begin());
    auto& state = lanes_.at(lane);
    now_ = std::max(now_, tag);
    std::pair<Lane, Piece> next{lane, std::move(state.waiting.front())};
    state.waiting.pop_front();
    --waiting_;
    ++state.running;
    state.tag += state.cost;
    make_ready(lane, state);
    return next;
  }

  // A piece of this lane has taken so long.
  void end(Lane lane, std::int64_t taken_us) {
    const auto found = lanes_.find(lane);
    ensure(found != lanes_.end() && found->second.running > 0, "a piece ends once");
    auto& state = found->second;
    const auto taken = std::max<std::int64_t>(1, taken_us);
    ready_.erase({state.tag, lane});
    --state.running;
    state.tag += taken - state.cost;
    state.cost += (taken - state.cost) / 8;
    state.cost = std::max<std::int64_t>(1, state.cost);
    make_ready(lane, state);
    forget_if_idle(lane);
  }

  // When all is full: the newest piece of the longest queue, so that whoever asks most is refused first. Nothing when
  // that is the lane that asks, or `may` says no of the piece.
  template <class May>
  std::optional<Piece> evict_for(Lane asking, May may) {
    if (waiting_ < limits_.waiting_max) return std::nullopt;
    const auto longest = std::max_element(lanes_.begin(), lanes_.end(), [](const auto& a, const auto& b) {
      return a.second.waiting.size() < b.second.waiting.size();
    });
    const auto own = lanes_.find(asking);
    const auto own_size = own == lanes_.end() ? 0 : own->second.waiting.size();
    if (longest == lanes_.end() || longest->second.waiting.size() <= own_size) return std::nullopt;
    auto& state = longest->second;
    if (!may(state.waiting.back())) return std::nullopt;
    std::optional<Piece> evicted(std::move(state.waiting.back()));
    state.waiting.pop_back();
    --waiting_;
    if (state.waiting.empty()) ready_.erase({state.tag, longest->first});
    forget_if_idle(longest->first);
    return evicted;
  }

  std::size_t waiting() const { return waiting_; }
  bool has_ready() const { return !ready_.empty(); }
  std::size_t lanes() const { return lanes_.size(); }  // that have something waiting or running

 private:
  struct State {
    std::deque<Piece> waiting;
    std::size_t running = 0;
    std::int64_t tag = 0;     // virtual microseconds
    std::int64_t cost = 100;  // what a piece takes, lately; until one has ended, a guess
    bool is_idle() const { return waiting.empty() && running == 0; }
  };

  void make_ready(Lane lane, State& state) {
    if (!state.waiting.empty() && state.running < limits_.lane_running_max) ready_.insert({state.tag, lane});
  }
  void forget_if_idle(Lane lane) {
    const auto found = lanes_.find(lane);
    if (found != lanes_.end() && found->second.is_idle()) lanes_.erase(found);
  }

  const FairQueueLimits limits_;
  std::unordered_map<Lane, State> lanes_;
  std::set<std::pair<std::int64_t, Lane>> ready_;  // by tag, of lanes that may run a piece
  std::size_t waiting_ = 0;
  std::int64_t now_ = 0;
};

}  // namespace answerable
