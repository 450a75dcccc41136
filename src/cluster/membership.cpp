#include "cluster/membership.h"

#include <limits>

#include "base/log.h"
#include "cluster/lease.h"

namespace answerable::cluster {
namespace {

constexpr std::string_view duty = "duty";

std::string life_of(std::string_view node) { return "node/" + std::string(node); }

}  // namespace

Membership::Membership(store::Database& database, const Clock& clock, std::string node)
    : database_(database),
      clock_(clock),
      node_(std::move(node)),
      is_alone_(database.engine() == store::Engine::sqlite),
      duty_until_ms_(is_alone_ ? std::numeric_limits<std::int64_t>::max() : 0) {}

Status Membership::renew() {
  if (is_alone_) return {};
  const auto began_ms = clock_.monotonic_ms();  // before the lease begins, so that we never believe in it for longer
  TRY(const auto lease, database_.write([&](store::Transaction& tx) -> Result<std::optional<Lease>> {
    TRY_STATUS(claim_lease(tx, life_of(node_), node_, lease_ms));
    return claim_lease(tx, duty, node_, lease_ms);
  }));
  if (lease && !has_duty()) log::info("duty_taken", {{"node", node_}, {"fence", lease->fence}});
  duty_until_ms_ = lease ? began_ms + lease_ms : 0;
  return {};
}

bool Membership::has_duty() const { return is_alone_ || clock_.monotonic_ms() < duty_until_ms_; }

void Membership::leave() {
  if (is_alone_) return;
  duty_until_ms_ = 0;
  auto left = database_.write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(release_lease(tx, life_of(node_), node_));
    return release_lease(tx, duty, node_);
  });
  if (!left) log::warning("leases_not_released", {{"code", left.error().code}});
}

Result<std::vector<std::string>> living_nodes(store::Session& session) {
  return session.all("select holder from leases where name like 'node/%' and ends_at > $1 order by holder",
                     {session.now()}, [](const store::Row& row) { return row.string(0); });
}

Result<bool> is_alive(store::Session& session, std::string_view node) {
  TRY(const auto lives,
      session.number("select count(*) from leases where name = $1 and ends_at > $2", {life_of(node), session.now()}));
  return lives > 0;
}

}  // namespace answerable::cluster
