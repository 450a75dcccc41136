#include "policy/payment.h"

#include "access/authorize.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "policy/cure.h"
#include "policy/sentences.h"
#include "policy/statement.h"
#include "policy/violation.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t notice_days_otherwise = 7;

Order read_order(const store::Row& row) {
  return {.id = row.id<OrderId>(0),
          .workspace = row.id<WorkspaceId>(1),
          .reference = row.string(2),
          .amount = row.string(3),
          .due_at = row.time(4),
          .recorded_at = row.time(5),
          .noticed_at = row.maybe_time(6),
          .suspended_at = row.maybe_time(7),
          .paid_at = row.maybe_time(8),
          .cancelled_at = row.maybe_time(9)};
}

bool is_line(std::string_view text) {
  return !text.empty() && text.size() <= order_text_bytes_max && one_line(text, order_text_bytes_max) == text;
}

// A reference is what somebody wrote, and may name a person.
Status enter(store::Transaction& tx, const access::Actor& by, std::string_view action, const Order& order) {
  TRY(const auto key, access::load_commitment_key(tx, order.workspace));
  TRY_STATUS(audit::append_entry(tx, {.workspace = order.workspace,
                                      .actor = by.for_ledger(),
                                      .action = action,
                                      .object_kind = "payment_order",
                                      .object_id = order.id.text(),
                                      .details = {{"reference_commitment", audit::commit_to(key, order.reference)},
                                                  {"due_at", to_rfc3339(order.due_at)}}}));
  return {};
}

Result<Order> load_open(store::Session& session, WorkspaceId workspace, OrderId id) {
  TRY(auto found, session.find("select id, workspace_id, reference, amount, due_at, recorded_at, noticed_at, "
                               "suspended_at, paid_at, cancelled_at from payment_orders "
                               "where workspace_id = $1 and id = $2",
                               {workspace, id}, read_order));
  if (!found) return fail(ErrorKind::not_found, "order_unknown", "There is no such order to pay.");
  if (found->paid_at || found->cancelled_at)
    return fail(ErrorKind::conflict, "order_settled", "This order is paid or cancelled already.");
  return *std::move(found);
}

Status give_notice(store::Transaction& tx, const Order& order, std::int64_t notice_days) {
  TRY_STATUS(tx.execute("update payment_orders set noticed_at = $3 where workspace_id = $1 and id = $2",
                        {order.workspace, order.id, tx.now()}));
  TRY_STATUS(enter(tx, access::system_actor(order.workspace), "payment.notice", order));
  return send_notice(
      tx, order.workspace,
      {.subject = {sentences::payment_subject, {order.reference}},
       .text = {sentences::payment_text,
                {order.reference, order.amount, to_rfc3339(order.due_at, true), std::to_string(notice_days)}}});
}

Status suspend_for(store::Transaction& tx, const Order& order) {
  TRY_STATUS(tx.execute("update payment_orders set suspended_at = $3 where workspace_id = $1 and id = $2",
                        {order.workspace, order.id, tx.now()}));
  TRY_STATUS(report_violation(tx, access::system_actor(order.workspace),
                              {.workspace = order.workspace,
                               .clause = "payment",
                               .control = std::string(payment_control),
                               .object_kind = "payment_order",
                               .object_id = order.id.text(),
                               .facts = "The order to pay " + order.reference + " (" + order.amount + ") was due on " +
                                        to_rfc3339(order.due_at, true) + " and is not paid."}));
  return {};
}

Result<std::vector<Order>> due(store::Session& session) {
  return session.all(
      "select id, workspace_id, reference, amount, due_at, recorded_at, noticed_at, suspended_at, paid_at, "
      "cancelled_at from payment_orders where paid_at is null and cancelled_at is null and suspended_at is null and "
      "due_at <= $1 order by due_at, id limit $2",
      {session.now(), orders_at_once_max}, read_order);
}

struct Step {
  bool is_due = false;
  std::int64_t notice_days = 0;
};

// What comes next for an order that is overdue, and whether its time has come.
Result<Step> next_step(store::Session& session, const Order& order) {
  TRY(const auto rule, rule_for(session, order.workspace, "payment", "notice_days"));
  Step step{.is_due = !order.noticed_at, .notice_days = rule.number(notice_days_otherwise)};
  if (order.noticed_at) step.is_due = *order.noticed_at + step.notice_days * day_ms <= session.now();
  return step;
}

}  // namespace

std::string_view Order::state() const {
  if (paid_at) return "paid";
  if (cancelled_at) return "cancelled";
  if (suspended_at) return "suspended";
  return noticed_at ? "overdue" : "open";
}

Result<Order> record_order(store::Transaction& tx, const access::Actor& by, const NewOrder& given) {
  TRY_STATUS(access::authorize(by, "oversight", "bill"));
  if (!is_line(given.reference) || !is_line(given.amount))
    return fail(ErrorKind::invalid, "bad_order", "Reference and amount are lines of at most 100 bytes.");
  TRY(const auto workspace, access::find_workspace(tx, given.workspace));
  if (!workspace) return fail(ErrorKind::not_found, "workspace_unknown", "There is no such workspace.");
  const Order order{.id = OrderId::make(tx.clock()),
                    .workspace = given.workspace,
                    .reference = given.reference,
                    .amount = given.amount,
                    .due_at = given.due_at,
                    .recorded_at = tx.now(),
                    .noticed_at = {},
                    .suspended_at = {},
                    .paid_at = {},
                    .cancelled_at = {}};
  TRY(const auto inserted,
      tx.execute("insert into payment_orders (workspace_id, id, reference, amount, due_at, recorded_at) "
                 "values ($1, $2, $3, $4, $5, $6) on conflict (workspace_id, reference) do nothing",
                 {order.workspace, order.id, order.reference, order.amount, order.due_at, order.recorded_at}));
  if (inserted == 0)
    return fail(ErrorKind::conflict, "order_known", "An order with this reference is recorded already.");
  TRY_STATUS(enter(tx, by, "payment.order", order));
  return order;
}

Result<Order> settle_order(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace, OrderId id,
                           bool is_paid) {
  TRY_STATUS(access::authorize(by, "oversight", "bill"));
  TRY(auto order, load_open(tx, workspace, id));
  (is_paid ? order.paid_at : order.cancelled_at) = tx.now();
  TRY_STATUS(tx.execute("update payment_orders set paid_at = $3, cancelled_at = $4 where workspace_id = $1 and id = $2",
                        {workspace, id, order.paid_at, order.cancelled_at}));
  TRY_STATUS(enter(tx, by, is_paid ? "payment.paid" : "payment.cancelled", order));
  TRY(const auto others,
      tx.number("select count(*) from payment_orders where workspace_id = $1 and suspended_at is not null and paid_at "
                "is null and cancelled_at is null",
                {workspace}));
  if (others == 0) TRY_STATUS(report_cured(tx, workspace, "payment_default", true));
  return order;
}

Result<std::vector<Order>> orders(store::Session& session, WorkspaceId workspace) {
  return session.all(
      "select id, workspace_id, reference, amount, due_at, recorded_at, noticed_at, suspended_at, paid_at, "
      "cancelled_at from payment_orders where workspace_id = $1 order by recorded_at desc, id desc limit $2",
      {workspace, orders_max}, read_order);
}

Result<int> advance_orders(store::Transaction& tx) {
  TRY(const auto found, due(tx));
  int advanced = 0;
  for (const auto& order : found) {
    TRY(const auto step, next_step(tx, order));
    if (!step.is_due) continue;
    TRY_STATUS(order.noticed_at ? suspend_for(tx, order) : give_notice(tx, order, step.notice_days));
    ++advanced;
  }
  return advanced;
}

Result<bool> is_any_order_due(store::Session& session) {
  TRY(const auto found, due(session));
  for (const auto& order : found) {
    TRY(const auto step, next_step(session, order));
    if (step.is_due) return true;
  }
  return false;
}

}  // namespace answerable::policy
