#include "outbox/settle.h"

#include <algorithm>

#include "access/authorize.h"
#include "base/utf8.h"
#include "outbox/delivery_row.h"
#include "outbox/payload.h"
#include "outbox/review.h"

namespace answerable::outbox {
namespace {

constexpr std::size_t error_max_bytes = 500;

Result<DeliveryRow> load_of(store::Session& session, WorkspaceId workspace, MessageId message) {
  TRY(auto row, find_row_of(session, workspace, message));
  if (!row) return fail(ErrorKind::not_found, "no_delivery", "There is no such delivery.");
  return *row;
}

Status settle(store::Transaction& tx, const DeliveryRow& row, DeliveryState state, std::string_view detail) {
  TRY_STATUS(tx.execute(
      "update deliveries set state = $3, last_error = $4, settled_at = $5, lease_holder = '', lease_until = 0, "
      "begun = 0 where workspace_id = $1 and id = $2",
      {row.workspace, row.id, to_stored(state), detail, tx.now()}));
  return let_next_go(tx, row);
}

Status store_recipients(store::Transaction& tx, const DeliveryRow& row) {
  return done(tx.execute("update deliveries set recipient_results = $3 where workspace_id = $1 and id = $2",
                         {row.workspace, row.id, encode_recipients(row.recipients)}));
}

// Whom it went to.
Result<std::vector<std::string>> addresses_of(store::Session& session, const DeliveryRow& row) {
  TRY(auto payload,
      session.find("select payload from deliveries where workspace_id = $1 and id = $2", {row.workspace, row.id},
                   [](const store::Row& found) { return std::string(found.bytes(0)); }));
  TRY(auto message, decode_payload(payload.value_or("")));
  return message.recipients();
}

// Whether each of them has refused or returned it. To one: whatever address the report names.
bool has_nobody(const std::vector<std::string>& addresses, const DeliveryRow& row) {
  if (addresses.size() == 1) return true;
  return std::ranges::all_of(addresses, [&](const std::string& address) {
    auto known = std::ranges::find(row.recipients, address, &RecipientResult::address);
    return known != row.recipients.end() && !known->has_it;
  });
}

bool is_same_address(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// Of what a report names, the addresses that the mail went to, written as there. A report gives one address in several
// spellings, and those that a mailing list or a forward made of it. All of it when none is known.
RecipientResults known_among(const RecipientResults& returned, const std::vector<std::string>& addresses) {
  RecipientResults known;
  for (const auto& one : returned) {
    auto found = std::ranges::find_if(addresses, [&](const auto& to) { return is_same_address(to, one.address); });
    if (found != addresses.end()) known.push_back({.address = *found, .has_it = one.has_it, .detail = one.detail});
  }
  return known.empty() ? returned : known;
}

bool is_retryable(DeliveryState state) {
  return state == DeliveryState::failed || state == DeliveryState::unknown || state == DeliveryState::dead;
}

// Anybody may retry an own message, supervisors every message, administrators every delivery.
Status may_retry(const access::Actor& actor, UserId author) {
  const bool is_own = actor.kind == access::Actor::Kind::user && !author.is_nil() && actor.user == author;
  if (access::authorize(actor, "message", "retry", is_own)) return {};
  return access::authorize(actor, "delivery", "retry");
}

}  // namespace

Result<bool> record_bounce(store::Transaction& tx, WorkspaceId workspace, MessageId message, std::string_view detail,
                           const RecipientResults& returned) {
  TRY(auto row, load_of(tx, workspace, message));
  if (row.state == DeliveryState::failed || row.state == DeliveryState::cancelled) return false;
  auto line = one_line(to_valid_utf8(detail), error_max_bytes);
  bool is_news = returned.empty();
  TRY(const auto addresses, addresses_of(tx, row));
  for (const auto& one : known_among(returned, addresses)) is_news = add_return(row.recipients, one) || is_news;
  if (!is_news) return false;
  TRY_STATUS(store_recipients(tx, row));
  if (returned.empty() || has_nobody(addresses, row)) TRY_STATUS(settle(tx, row, DeliveryState::failed, line));
  ++row.attempts;  // a line of its own in the log, after the attempt that it answers
  TRY_STATUS(tx.execute("update deliveries set attempts = attempts + 1 where workspace_id = $1 and id = $2",
                        {row.workspace, row.id}));
  TRY_STATUS(add_attempt(tx, row, "bounced", line));
  auto actor = access::system_actor(workspace);
  TRY_STATUS(tell_changed(tx, actor, row));
  TRY_STATUS(enter(tx, actor, "delivery.bounced", row));
  return true;
}

Status record_seen(store::Transaction& tx, WorkspaceId workspace, MessageId message) {
  TRY(auto row, load_of(tx, workspace, message));
  const bool can_grow =
      row.state == DeliveryState::sending || row.state == DeliveryState::sent || row.state == DeliveryState::unknown;
  if (!can_grow) return {};
  TRY_STATUS(settle(tx, row, DeliveryState::delivered, ""));
  TRY_STATUS(tx.execute("update deliveries set seen_at = $3 where workspace_id = $1 and id = $2",
                        {row.workspace, row.id, tx.now()}));
  return tell_changed(tx, access::system_actor(workspace), row);
}

Status retry(store::Transaction& tx, const access::Actor& actor, DeliveryId delivery, UserId author) {
  TRY_STATUS(may_retry(actor, author));
  TRY(auto row, find_row(tx, actor.workspace, delivery));
  if (!row) return fail(ErrorKind::not_found, "no_delivery", "There is no such delivery.");
  if (!is_retryable(row->state))
    return fail(ErrorKind::conflict, "not_retryable", "Only what has failed or is unknown can be tried again.");
  TRY(const bool was_rejected, is_rejected(tx, *row));
  if (was_rejected)
    return fail(ErrorKind::conflict, "rejected_in_review", "A reviewer has rejected this message: write another one.");
  std::erase_if(row->recipients, [](const RecipientResult& result) { return !result.has_it; });
  TRY_STATUS(
      tx.execute("update deliveries set state = 0, next_attempt_at = $3, first_due_at = $3, ambiguous_attempts = 0, "
                 "settled_at = null, recipient_results = $4 where workspace_id = $1 and id = $2",
                 {row->workspace, row->id, tx.now(), encode_recipients(row->recipients)}));
  TRY_STATUS(tell_changed(tx, actor, *row));
  return enter(tx, actor, "delivery.retry", *row, {{"was", std::string(to_string(row->state))}});
}

Status resolve(store::Transaction& tx, const access::Actor& actor, DeliveryId delivery, DeliveryState as) {
  TRY_STATUS(access::authorize(actor, "delivery", "resolve"));
  if (as != DeliveryState::sent && as != DeliveryState::failed)
    return fail(ErrorKind::invalid, "bad_resolution", "An unknown delivery is either sent or failed.");
  TRY(auto row, find_row(tx, actor.workspace, delivery));
  if (!row) return fail(ErrorKind::not_found, "no_delivery", "There is no such delivery.");
  if (row->state != DeliveryState::unknown)
    return fail(ErrorKind::conflict, "not_unknown", "Only an unknown delivery can be resolved.");
  TRY_STATUS(settle(tx, *row, as, as == DeliveryState::failed ? "Declared as failed by a person." : ""));
  TRY_STATUS(tell_changed(tx, actor, *row));
  return enter(tx, actor, "delivery.resolve", *row, {{"as", std::string(to_string(as))}});
}

Result<DeliveryId> load_delivery_of(store::Session& session, WorkspaceId workspace, MessageId message) {
  TRY(auto row, load_of(session, workspace, message));
  return row.id;
}

}  // namespace answerable::outbox
