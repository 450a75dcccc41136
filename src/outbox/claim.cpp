// Which deliveries may leave now: due, first of their conversation, of a workspace that may send.
#include <map>

#include "access/actor.h"
#include "outbox/attempt.h"
#include "outbox/delivery_row.h"
#include "outbox/payload.h"
#include "policy/judge.h"

namespace answerable::outbox {
namespace {

constexpr int looked_at_max = 64;  // candidates in one claim
constexpr int page = 8;            // of them, read at a time
constexpr int released_max = 200;  // deliveries in one release
constexpr std::int64_t behind_wait_ms = 60'000;

// Whether each workspace may send, asked once a claim.
class Judgement {
 public:
  explicit Judgement(store::Session& session) : session_(session) {}
  Result<bool> may_send(WorkspaceId workspace) {
    if (auto known = known_.find(workspace); known != known_.end()) return known->second;
    TRY(auto suspension, policy::find_suspension(session_, workspace, policy::Scope::sending));
    return known_[workspace] = !suspension.has_value();
  }

 private:
  store::Session& session_;
  std::map<WorkspaceId, bool> known_;
};

Result<std::optional<WorkspaceId>> next_held_workspace(store::Session& session, std::string_view after) {
  return session.find(
      "select workspace_id from deliveries where state = 2 and review = 0 and workspace_id > $1 "
      "order by workspace_id limit 1",
      {store::Bytes{after}}, [](const store::Row& row) { return row.id<WorkspaceId>(0); });
}

Status move(store::Transaction& tx, const DeliveryRow& row, DeliveryState from, DeliveryState to) {
  TRY(auto changed, tx.execute("update deliveries set state = $4 where workspace_id = $1 and id = $2 and state = $3",
                               {row.workspace, row.id, to_stored(from), to_stored(to)}));
  if (changed == 0) return {};
  return tell_changed(tx, access::system_actor(row.workspace), row);
}

Result<std::vector<DeliveryRow>> held_of(store::Session& session, WorkspaceId workspace) {
  return session.all(
      "select id, message_id, conversation_id, channel_id from deliveries "
      "where workspace_id = $1 and state = 2 and review = 0 order by id limit $2",
      {workspace, released_max}, [&](const store::Row& row) {
        return DeliveryRow{.workspace = workspace,
                           .id = row.id<DeliveryId>(0),
                           .message = row.id<MessageId>(1),
                           .conversation = row.id<ConversationId>(2),
                           .channel = row.id<ChannelId>(3)};
      });
}

// What was held in workspaces that may send again goes back to the queue.
Status release_held(store::Transaction& tx, Judgement& judgement) {
  TRY(auto workspace, next_held_workspace(tx, ""));
  while (workspace) {
    TRY(bool is_free, judgement.may_send(*workspace));
    if (is_free) {
      TRY(auto rows, held_of(tx, *workspace));
      for (const auto& row : rows) TRY_STATUS(move(tx, row, DeliveryState::held, DeliveryState::queued));
    }
    TRY(workspace, next_held_workspace(tx, workspace->bytes()));
  }
  return {};
}

Claimed read_claimed(const store::Row& row) {
  Claimed claimed;
  auto& delivery = claimed.delivery;
  delivery.id = row.id<DeliveryId>(1);
  delivery.attempts = row.integer(2);
  delivery.next_attempt_at = row.time(3);
  delivery.external_id = row.string(4);
  delivery.last_error = row.string(5);
  delivery.rendered = std::string(row.bytes(6));
  if (auto blob = row.bytes(7); blob.size() == sizeof(Digest)) {
    claimed.rendered_blob.emplace();
    std::ranges::copy(blob, reinterpret_cast<char*>(claimed.rendered_blob->data()));
  }
  delivery.message.workspace = row.id<WorkspaceId>(0);
  delivery.recipients = decode_recipients(row.text(9));
  return claimed;
}

struct Candidate {
  DeliveryRow row;
  std::int64_t sequence = 0;
};

Result<std::vector<Candidate>> candidates(store::Session& session, const Busy& busy) {
  const auto& [channels, workspaces] = busy;
  return session.all(
      "select workspace_id, id, message_id, conversation_id, channel_id, sequence from deliveries "
      "where state = 0 and next_attempt_at <= $1 and channel_id not in ($3, $4, $5) and workspace_id not in ($6, $7) "
      "order by next_attempt_at, id limit $2",
      {session.now(), page, channels[0], channels[1], channels[2], workspaces[0], workspaces[1]},
      [](const store::Row& row) {
        return Candidate{.row = {.workspace = row.id<WorkspaceId>(0),
                                 .id = row.id<DeliveryId>(1),
                                 .message = row.id<MessageId>(2),
                                 .conversation = row.id<ConversationId>(3),
                                 .channel = row.id<ChannelId>(4)},
                         .sequence = row.integer(5)};
      });
}

// Whether an earlier one of its conversation still may go.
Result<bool> is_behind(store::Session& session, const Candidate& one) {
  TRY(const auto earlier,
      session.find("select 1 from deliveries where workspace_id = $1 and conversation_id = $2 and "
                   "state < 10 and sequence < $3 limit 1",
                   {one.row.workspace, one.row.conversation, one.sequence}, [](const store::Row&) { return true; }));
  return earlier.has_value();
}

// Nobody looks at it again with each claim, for a conversation may have thousands: let_next_go() ends the wait.
Status let_wait_behind(store::Transaction& tx, const DeliveryRow& row) {
  return done(tx.execute("update deliveries set next_attempt_at = $3 where workspace_id = $1 and id = $2",
                         {row.workspace, row.id, tx.now() + behind_wait_ms}));
}

// A payload that nobody can read must not stand in the way of all others.
Status fail_unreadable(store::Transaction& tx, const DeliveryRow& row, const Error& why) {
  TRY_STATUS(
      done(tx.execute("update deliveries set state = 12, last_error = $3, settled_at = $4, lease_holder = '', "
                      "lease_until = 0 where workspace_id = $1 and id = $2",
                      {row.workspace, row.id, why.code, tx.now()})));
  auto actor = access::system_actor(row.workspace);
  TRY_STATUS(let_next_go(tx, row));
  TRY_STATUS(tell_changed(tx, actor, row));
  return enter(tx, actor, "delivery.failed", row, {{"reason", why.code}});
}

// All that is due of a channel that has no carrier now (it is disabled) is looked at again later.
Status let_wait(store::Transaction& tx, const DeliveryRow& row) {
  return done(
      tx.execute("update deliveries set next_attempt_at = $3 where workspace_id = $1 and channel_id = $2 "
                 "and state = 0 and next_attempt_at <= $4",
                 {row.workspace, row.channel, tx.now() + no_carrier_wait_ms, tx.now()}));
}

// Nothing when another node was faster.
Result<std::optional<Claimed>> lease(store::Transaction& tx, const DeliveryRow& row, std::string_view holder) {
  auto fence = tx.find(
      "update deliveries set state = 1, lease_holder = $3, lease_until = $4, fence = fence + 1, begun = 0 "
      "where workspace_id = $1 and id = $2 and state = 0 returning fence",
      {row.workspace, row.id, holder, tx.now() + lease_ms}, [](const store::Row& r) { return r.integer(0); });
  if (!fence) return std::unexpected(fence.error());
  if (!*fence) return std::optional<Claimed>();
  std::string payload;
  TRY(auto claimed,
      tx.find("select workspace_id, id, attempts, next_attempt_at, external_id, last_error, rendered, "
              "rendered_blob, payload, recipient_results from deliveries where workspace_id = $1 and id = $2",
              {row.workspace, row.id}, [&](const store::Row& r) {
                payload = std::string(r.bytes(8));
                return read_claimed(r);
              }));
  if (!claimed) return std::optional<Claimed>();
  auto message = decode_payload(payload);
  if (!message) {
    TRY_STATUS(fail_unreadable(tx, row, message.error()));
    return std::optional<Claimed>();
  }
  claimed->delivery.message = *std::move(message);
  claimed->delivery.state = DeliveryState::sending;
  claimed->delivery.fence = **fence;
  TRY_STATUS(tell_changed(tx, access::system_actor(row.workspace), row));
  return claimed;
}

// Every candidate leaves the range of what is due: leased, held or put off.
Result<std::optional<Claimed>> claim(store::Transaction& tx, const Candidate& one, std::string_view holder,
                                     const HasCarrier& has_carrier, Judgement& judgement) {
  const auto& row = one.row;
  TRY(const bool has_to_wait, is_behind(tx, one));
  TRY(const bool is_free, judgement.may_send(row.workspace));
  Status put_off;
  if (has_to_wait)
    put_off = let_wait_behind(tx, row);
  else if (!is_free)
    put_off = move(tx, row, DeliveryState::queued, DeliveryState::held);
  else if (has_carrier && !has_carrier(row.workspace, row.channel))
    put_off = let_wait(tx, row);
  else
    return lease(tx, row, holder);
  TRY_STATUS(put_off);
  return std::optional<Claimed>();
}

}  // namespace

Result<std::vector<Claimed>> claim_due(store::Transaction& tx, std::string_view holder, int limit,
                                       const HasCarrier& has_carrier, const Busy& busy) {
  Judgement judgement(tx);
  TRY_STATUS(release_held(tx, judgement));
  std::vector<Claimed> claimed;
  const auto is_enough = [&] { return static_cast<int>(claimed.size()) >= limit; };
  for (int looked_at = 0; looked_at < looked_at_max && !is_enough(); looked_at += page) {
    TRY(const auto rows, candidates(tx, busy));
    if (rows.empty()) break;
    for (const auto& row : rows) {
      TRY(auto one, claim(tx, row, holder, has_carrier, judgement));
      if (one) claimed.push_back(std::move(*one));
      if (is_enough()) break;
    }
  }
  return claimed;
}

Result<std::optional<Time>> next_due(store::Session& session, const Busy& busy) {
  const auto& [channels, workspaces] = busy;
  TRY(auto next,
      session.find("select next_attempt_at from deliveries where state = 0 and channel_id not in ($1, $2, $3) "
                   "and workspace_id not in ($4, $5) order by next_attempt_at limit 1",
                   {channels[0], channels[1], channels[2], workspaces[0], workspaces[1]},
                   [](const store::Row& row) { return row.time(0); }));
  auto sooner = [&](Time time) { next = next ? std::min(*next, time) : time; };
  TRY(const auto last,
      session.find("select next_attempt_at from deliveries where state = 0 order by next_attempt_at desc "
                   "limit 1",
                   {}, [](const store::Row& row) { return row.time(0); }));
  if (last && *last > session.now() + impossible_wait_ms) sooner(session.now());
  TRY(auto lease_end, session.find("select lease_until from deliveries where state = 1 order by lease_until limit 1",
                                   {}, [](const store::Row& row) { return row.time(0); }));
  if (lease_end) sooner(*lease_end);
  TRY(auto workspace, next_held_workspace(session, ""));
  while (workspace) {
    TRY(auto suspension, policy::find_suspension(session, *workspace, policy::Scope::sending));
    if (!suspension) sooner(session.now());
    if (suspension && suspension->until) sooner(*suspension->until);
    TRY(workspace, next_held_workspace(session, workspace->bytes()));
  }
  return next;
}

}  // namespace answerable::outbox
