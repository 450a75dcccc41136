// Which nodes of one database live, and which of them has the duty: to do alone what only one may do (poll mailboxes,
// keep house, hand out checkpoints). Both are leases. On SQLite there is one node, which has the duty; a lock on its
// file sees to that. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/database.h"

namespace answerable::cluster {

class Membership {
 public:
  static constexpr std::int64_t lease_ms = 10'000;  // so long after its last sign a node counts as dead
  static constexpr std::int64_t renew_every_ms = 3'000;

  // Both outlive it. `node`: see app/node.h.
  Membership(store::Database& database, const Clock& clock, std::string node);

  const std::string& node() const { return node_; }
  // A sign of life, and the duty if nobody else has it. To be called every renew_every_ms: without it others take over.
  Status renew();
  // Never of two nodes at once, as long as their clocks are not seven seconds apart. A node that cannot reach the
  // database loses it.
  bool has_duty() const;
  // At an orderly stop: others take over at once.
  void leave();

 private:
  store::Database& database_;
  const Clock& clock_;
  const std::string node_;
  const bool is_alone_;
  std::atomic<std::int64_t> duty_until_ms_;  // monotonic
};

// Those that have given a sign of life within Membership::lease_ms.
Result<std::vector<std::string>> living_nodes(store::Session& session);
// Whether a node has given a sign of life within Membership::lease_ms.
Result<bool> is_alive(store::Session& session, std::string_view node);

}  // namespace answerable::cluster
