#include "outbox/attempt.h"

#include "access/actor.h"
#include "base/random.h"
#include "base/utf8.h"
#include "outbox/backoff.h"
#include "outbox/delivery_row.h"
#include "outbox/review.h"
#include "policy/judge.h"

namespace answerable::outbox {
namespace {

constexpr std::size_t error_max_bytes = 500;
constexpr std::size_t external_id_max_bytes = 998;
constexpr int recovered_max = 500;

// What one attempt makes of a delivery.
struct Verdict {
  DeliveryState state = DeliveryState::queued;
  Time next;
  std::string_view act;  // of the ledger; empty while it goes on
};

Verdict give_up(DeliveryState state, Time now) {
  std::string_view act = state == DeliveryState::sent      ? "delivery.sent"
                         : state == DeliveryState::failed  ? "delivery.failed"
                         : state == DeliveryState::unknown ? "delivery.unknown"
                                                           : "delivery.dead";
  return {.state = state, .next = now, .act = act};
}

// `row` counts this attempt already.
Verdict judge(const DeliveryRow& row, const Ended& ended, Time now) {
  const auto& result = ended.result;
  if (result.outcome == Outcome::sent) return give_up(DeliveryState::sent, now);
  if (result.outcome == Outcome::failed)
    return give_up(has_anybody(row.recipients) ? DeliveryState::sent : DeliveryState::failed, now);
  const bool is_ambiguous = result.outcome == Outcome::unknown;
  if (is_ambiguous && (ended.on_ambiguous == Ambiguity::stop || row.ambiguous_attempts >= ambiguous_attempts_max))
    return give_up(DeliveryState::unknown, now);
  if (ended.is_cut_off) return {.state = DeliveryState::queued, .next = now, .act = {}};
  auto next =
      next_attempt({.attempts = row.attempts, .retry_after_ms = result.retry_after_ms, .jitter = random_below(1'001)},
                   now, row.first_due);
  if (next) return {.state = DeliveryState::queued, .next = *next, .act = {}};
  return give_up(is_ambiguous ? DeliveryState::unknown : DeliveryState::dead, now);
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::sent: return "sent";
    case Outcome::retry: return "retry";
    case Outcome::failed: return "failed";
    case Outcome::unknown: return "unknown";
  }
  return "unknown";
}

Status store_verdict(store::Transaction& tx, const DeliveryRow& row, const Verdict& verdict, const SendResult& result) {
  auto error =
      result.outcome == Outcome::sent ? std::string() : one_line(to_valid_utf8(result.detail), error_max_bytes);
  auto external = to_valid_utf8(result.external_id.substr(0, external_id_max_bytes));
  std::optional<Time> settled;
  if (verdict.state != DeliveryState::queued) settled = tx.now();
  TRY_STATUS(
      tx.execute("update deliveries set state = $3, attempts = $4, ambiguous_attempts = $5, next_attempt_at = $6, "
                 "settled_at = $7, "
                 "last_error = $8, external_id = case when $9 = '' then external_id else $9 end, lease_holder = '', "
                 "lease_until = 0, begun = 0, recipient_results = $10 where workspace_id = $1 and id = $2",
                 {row.workspace, row.id, to_stored(verdict.state), row.attempts, row.ambiguous_attempts, verdict.next,
                  settled, error, external, encode_recipients(row.recipients)}));
  if (verdict.state != DeliveryState::sent) return {};
  // The other side has it: nobody will need the bytes again.
  return done(
      tx.execute("update deliveries set rendered = null, rendered_blob = null where workspace_id = $1 and id = $2",
                 {row.workspace, row.id}));
}

Result<DeliveryState> conclude(store::Transaction& tx, DeliveryRow row, const Ended& ended) {
  ++row.attempts;
  if (ended.result.outcome == Outcome::unknown) ++row.ambiguous_attempts;
  add_results(row.recipients, ended.result.recipients);
  auto verdict = judge(row, ended, tx.now());
  if (verdict.state == DeliveryState::queued) {
    // Taken down while it was being sent: once more would be after that.
    TRY(const bool is_over, is_rejected(tx, row));
    if (is_over) verdict = give_up(DeliveryState::failed, tx.now());
  }
  TRY_STATUS(store_verdict(tx, row, verdict, ended.result));
  TRY_STATUS(add_attempt(tx, row, name_of(ended.result.outcome), ended.result.detail));
  auto actor = access::system_actor(row.workspace);
  TRY_STATUS(tell_changed(tx, actor, row));
  if (verdict.state != DeliveryState::queued) TRY_STATUS(let_next_go(tx, row));
  const bool has_left = verdict.state == DeliveryState::queued || verdict.state == DeliveryState::sent;
  if (!has_left && ended.on_undelivered) TRY_STATUS(ended.on_undelivered(tx, row.workspace, row.message));
  if (!verdict.act.empty())
    TRY_STATUS(enter(tx, actor, verdict.act, row, {{"attempts", std::to_string(row.attempts)}}));
  return verdict.state;
}

Status requeue(store::Transaction& tx, const DeliveryRow& row, Time next) {
  TRY(auto changed, tx.execute("update deliveries set state = 0, lease_holder = '', lease_until = 0, begun = 0, "
                               "next_attempt_at = $4 where workspace_id = $1 and id = $2 and fence = $3 and state = 1",
                               {row.workspace, row.id, row.fence, next}));
  if (changed == 0) return {};
  return tell_changed(tx, access::system_actor(row.workspace), row);
}

}  // namespace

Result<bool> begin_attempt(store::Transaction& tx, const Begin& begin) {
  TRY(auto row, find_row(tx, begin.workspace, begin.delivery));
  if (!row || row->fence != begin.fence || row->state != DeliveryState::sending) return false;
  TRY(auto suspension, policy::find_suspension(tx, begin.workspace, policy::Scope::sending));
  if (suspension) {
    TRY_STATUS(
        tx.execute("update deliveries set state = 2, lease_holder = '', lease_until = 0 "
                   "where workspace_id = $1 and id = $2",
                   {begin.workspace, begin.delivery}));
    TRY_STATUS(tell_changed(tx, access::system_actor(begin.workspace), *row));
    return false;
  }
  // The lease is for the send, which begins now. The day that we try begins with the first attempt: what a suspension
  // or a weekend has held is not given up at its first trouble.
  TRY_STATUS(
      tx.execute("update deliveries set begun = 1, lease_until = $3, "
                 "first_due_at = case when attempts = 0 then $4 else first_due_at end "
                 "where workspace_id = $1 and id = $2",
                 {begin.workspace, begin.delivery, tx.now() + lease_ms, tx.now()}));
  if (begin.rendered == nullptr) {
    return true;
  }
  std::optional<store::Bytes> bytes;
  std::optional<store::Bytes> blob;
  if (begin.rendered_blob != nullptr)
    blob = store::Bytes{as_bytes(*begin.rendered_blob)};
  else
    bytes = store::Bytes{begin.rendered->bytes};
  auto external = to_valid_utf8(begin.rendered->external_id.substr(0, external_id_max_bytes));
  TRY_STATUS(
      tx.execute("update deliveries set rendered = $3, rendered_blob = $4, external_id = $5 "
                 "where workspace_id = $1 and id = $2",
                 {begin.workspace, begin.delivery, bytes, blob, external}));
  return true;
}

Result<DeliveryState> record_attempt(store::Transaction& tx, const Ended& ended) {
  TRY(auto row, find_row(tx, ended.workspace, ended.delivery));
  if (!row) return fail(ErrorKind::not_found, "no_delivery", "There is no such delivery.");
  if (row->fence != ended.fence || row->state != DeliveryState::sending) return row->state;
  return conclude(tx, *row, ended);
}

Status postpone(store::Transaction& tx, const Ended& lease, std::int64_t wait_ms, std::string_view why) {
  TRY(auto row, find_row(tx, lease.workspace, lease.delivery));
  if (!row || row->fence != lease.fence) return {};
  if (!why.empty())
    TRY_STATUS(tx.execute("update deliveries set last_error = $3 where workspace_id = $1 and id = $2",
                          {row->workspace, row->id, why}));
  return requeue(tx, *row, tx.now() + wait_ms);
}

Result<std::int64_t> recover_expired(store::Transaction& tx, const Recovery& recovery) {
  TRY_STATUS(tx.execute("update deliveries set next_attempt_at = $1 where state = 0 and next_attempt_at > $2",
                        {tx.now(), tx.now() + impossible_wait_ms}));
  TRY(auto leases,
      tx.all("select workspace_id, id from deliveries where state = 1 and (lease_until <= $1 or lease_holder = $2) "
             "order by lease_until limit $3",
             {tx.now(), recovery.holder, recovered_max},
             [](const store::Row& row) { return std::pair(row.id<WorkspaceId>(0), row.id<DeliveryId>(1)); }));
  for (const auto& [workspace, id] : leases) {
    if (recovery.is_in_flight(id)) continue;
    TRY(auto row, find_row(tx, workspace, id));
    if (!row) continue;
    if (!row->has_begun) {
      TRY_STATUS(requeue(tx, *row, tx.now()));
      continue;
    }
    SendResult cut{
        .outcome = Outcome::unknown, .external_id = {}, .detail = "The server stopped while it was sending."};
    TRY_STATUS(conclude(tx, *row,
                        {.workspace = workspace,
                         .delivery = id,
                         .fence = row->fence,
                         .result = cut,
                         .on_ambiguous = recovery.on_ambiguous(workspace, row->channel),
                         .is_cut_off = true,
                         .on_undelivered = recovery.on_undelivered}));
  }
  return static_cast<std::int64_t>(leases.size());
}

}  // namespace answerable::outbox
