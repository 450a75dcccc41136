// Orders to pay (class 7 of use): recorded by the operator or a billing system with their deadline. Overdue, the
// workspace is told; when the days of notice have passed too, sending is suspended; paid, it resumes by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/judge.h"
#include "store/session.h"

namespace answerable::policy {

using OrderId = Id<struct OrderTag>;

inline constexpr std::string_view payment_control = "payment_deadline";  // the control of the clause payment

inline constexpr std::size_t order_text_bytes_max = 100;
inline constexpr int orders_max = 200;          // in one list, newest first
inline constexpr int orders_at_once_max = 100;  // that one call of advance_orders() takes a step further

struct Order {
  OrderId id;
  WorkspaceId workspace;
  std::string reference;  // of the invoice, unique in the workspace
  std::string amount;     // for people to read: "120.00 EUR"
  Time due_at, recorded_at;
  std::optional<Time> noticed_at, suspended_at, paid_at, cancelled_at;

  std::string_view state() const;  // "open", "overdue", "suspended", "paid", "cancelled"
};

struct NewOrder {
  WorkspaceId workspace;
  std::string reference, amount;
  Time due_at;
};

// Errors: denied; not_found "workspace_unknown"; invalid "bad_order"; conflict "order_known".
Result<Order> record_order(store::Transaction& tx, const access::Actor& by, const NewOrder& order);
// Paid or cancelled. When no other order stops the workspace, it resumes within a second or two. Errors: denied;
// not_found "order_unknown"; conflict "order_settled".
Result<Order> settle_order(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace, OrderId id,
                           bool is_paid);
Result<std::vector<Order>> orders(store::Session& session, WorkspaceId workspace);
// Takes those whose time has come a step further: notice, then suspension. Returns how many.
Result<int> advance_orders(store::Transaction& tx);
Result<bool> is_any_order_due(store::Session& session);

}  // namespace answerable::policy
