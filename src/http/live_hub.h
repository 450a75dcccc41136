// Live screens: who is connected, what each has seen, who waits for news. An event is read and encoded once and handed
// to all who follow the workspace. All database work happens on the worker pool; nothing here blocks the event loop.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "access/actor.h"
#include "cluster/fanout.h"
#include "http/context.h"
#include "net/event_loop.h"
#include "net/websocket.h"

namespace answerable::http {

// One live connection. Its fields belong to the hub's lock, but those that never change.
struct LiveMember {
  access::Actor actor;
  std::string credential;  // to be asked again whether it still holds
  std::shared_ptr<net::WebSocket> socket;
  std::int64_t seq = -1;
  bool is_live = false;  // has seen all that its room has; otherwise a job is catching up
  bool has_said_hello = false;
  std::set<ConversationId> viewing;
};

// A request that waits for events.
struct LiveWaiter {
  WorkspaceId workspace;
  std::int64_t after = 0;
  std::function<bool(bool is_last_chance)> answer;  // reads and answers; false: nothing yet. On a worker.
  net::Timer timer;
  bool is_late = false;  // its time ran out while it was being looked at; under the hub's lock
};

class LiveHub : public std::enable_shared_from_this<LiveHub> {
 public:
  static constexpr std::size_t members_max = 20'000;
  static constexpr std::size_t waiters_max = 2'000;
  static constexpr std::size_t viewing_max = 16;          // conversations that one connection looks at
  static constexpr std::int64_t catch_up_max = 5'000;     // events behind; more: "resync"
  static constexpr int batch = 100;                       // events in one frame
  static constexpr std::int64_t check_every_ms = 30'000;  // whether credentials have ended by time
  static constexpr std::int64_t expire_every_ms = 5'000;  // who has gone silent
  static constexpr std::int64_t look_every_ms = 5'000;    // for what no wake-up told: another node's commits
  static constexpr std::uint16_t session_ended = 4401;    // close code

  static std::shared_ptr<LiveHub> make(ApiContext& api);
  explicit LiveHub(ApiContext& api) : api_(api) {}
  void stop();  // blocks until no job runs

  // `connections`: of the workspace at once, if its agreement says. Errors: unavailable "busy", limited
  // "connections_used_up".
  Status join(const std::shared_ptr<LiveMember>& member, const std::optional<std::int64_t>& connections);
  std::int64_t open_of(WorkspaceId workspace);
  void leave(const std::shared_ptr<LiveMember>& member);
  void hello(const std::shared_ptr<LiveMember>& member, std::int64_t after);
  // `state`: "viewing", "typing", "left". The conversation must be of the actor's workspace.
  void note_presence(const access::Actor& actor, ConversationId conversation, std::string_view state);
  void member_presence(const std::shared_ptr<LiveMember>& member, ConversationId conversation, std::string state);
  void check_credentials();

  // False: too many wait. Answered after the next commit, after `wait_ms`, or by stop().
  bool wait(const std::shared_ptr<LiveWaiter>& waiter, std::int64_t wait_ms);

 private:
  using Member = std::shared_ptr<LiveMember>;
  using Waiter = std::shared_ptr<LiveWaiter>;
  struct Room {
    std::int64_t seq = -1;  // told to all live members; -1 before the first
    std::unordered_set<Member> members;
    std::vector<Waiter> waiters;
    bool is_pumping = false;
    bool has_news = false;
  };

  void start();
  // On a worker, in the lane of the workspace; nil: for all. False when stopping or too busy.
  bool run(WorkspaceId workspace, std::function<void()> job);
  void ended();
  void every(std::int64_t period_ms, void (LiveHub::*work)());
  void woken(WorkspaceId workspace);
  void pump(WorkspaceId workspace);
  bool pump_once(WorkspaceId workspace, std::int64_t from);
  void answer_waiters(WorkspaceId workspace);
  void end_waiter(const Waiter& waiter);
  void catch_up(const Member& member, bool is_first);
  bool is_caught_up(const Member& member);
  void signalled(const cluster::Signal& signal);
  void keep_presence(const cluster::Signal& signal);
  void tell_presence(WorkspaceId workspace, ConversationId conversation);
  void broadcast(WorkspaceId workspace, ConversationId conversation, std::string text);
  void look_again();
  void expire_presence();
  void look_for_ended();
  void drop_if_empty(WorkspaceId workspace);

  ApiContext& api_;
  std::unique_ptr<cluster::Subscription> on_wake_, on_signal_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::unordered_map<WorkspaceId, Room> rooms_;
  std::size_t members_ = 0;
  std::size_t waiters_ = 0;
  std::size_t jobs_ = 0;
  bool is_stopped_ = false;
  bool is_checking_ = false;
  bool must_check_ = false;  // no worker was free for it: at the next look
  bool is_looking_for_ended_ = false;
  std::int64_t ended_ = -1;  // access::ended_so_far() at the last look; -1 before the first
};

}  // namespace answerable::http
