#include "policy/self_tests.h"

#include "access/workspace.h"
#include "policy/cure.h"
#include "policy/document.h"
#include "policy/entitlement.h"
#include "policy/payment.h"
#include "policy/violation.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

std::unexpected<Error> broken(std::string what) { return fail(ErrorKind::internal, "control_broken", std::move(what)); }

Result<WorkspaceId> make_workspace(Scratch& scratch) {
  return scratch.database.write([](store::Transaction& tx) -> Result<WorkspaceId> {
    TRY_STATUS(publish_default(tx));
    TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Self-test"));
    return made.id;
  });
}

Result<int> advance(Scratch& scratch) {
  return scratch.database.write([](store::Transaction& tx) { return advance_orders(tx); });
}

Result<int> resume(Scratch& scratch) {
  return scratch.database.write([](store::Transaction& tx) { return resume_cured(tx); });
}

Result<bool> may_send(Scratch& scratch, WorkspaceId workspace) {
  return scratch.database.query([&](store::Session& session) -> Result<bool> {
    TRY(const auto suspension, find_suspension(session, workspace, Scope::sending));
    return !suspension.has_value();
  });
}

// As often as the last step asks for; the last measure is what that step says.
Status climb(store::Transaction& tx, WorkspaceId workspace, const Clause& clause) {
  TRY(const auto ladder, parse_ladder(find_rule(clause, "ladder")));
  MeasureKind reached = MeasureKind::warn;
  for (std::int64_t i = 0; i < ladder.back().count; ++i) {
    TRY(const auto measure, report_violation(tx, access::system_actor(workspace),
                                             {.workspace = workspace,
                                              .clause = clause.id,
                                              .control = "self_test",
                                              .object_kind = {},
                                              .object_id = {},
                                              .facts = "A self-test."}));
    reached = measure.kind;
  }
  if (reached == ladder.back().kind) return {};
  return broken(clause.id + ": the ladder's last step was not reached.");
}

}  // namespace

Status test_payment_deadline(Scratch& scratch) {
  TRY(const auto workspace, make_workspace(scratch));
  const auto system = access::system_actor({});
  TRY(const auto order, scratch.database.write([&](store::Transaction& tx) {
    return record_order(tx, system, {.workspace = workspace, .reference = "1", .amount = "1", .due_at = tx.now()});
  }));
  TRY(const auto noticed, advance(scratch));
  TRY(const bool is_free, may_send(scratch, workspace));
  if (noticed != 1 || !is_free) return broken("At the deadline there is a notice, and nothing is stopped yet.");
  scratch.clock.advance_ms(7 * day_ms);
  TRY(const auto suspended, advance(scratch));
  TRY(const bool is_stopped, may_send(scratch, workspace));
  if (suspended != 1 || is_stopped) return broken("After the days of notice sending is suspended.");
  TRY_STATUS(scratch.database.write(
      [&](store::Transaction& tx) { return settle_order(tx, system, workspace, order.id, true); }));
  TRY(const auto resumed, resume(scratch));
  TRY(const bool is_free_again, may_send(scratch, workspace));
  if (resumed != 1 || !is_free_again) return broken("Payment ends the suspension.");
  return {};
}

Status test_entitlements(Scratch& scratch) {
  TRY(const auto workspace, make_workspace(scratch));
  TRY_STATUS(scratch.database.write([&](store::Transaction& tx) {
    return save_agreement(tx, access::system_actor({}),
                          {.workspace = workspace,
                           .signed_at = tx.now(),
                           .signatory = "Self-test",
                           .entitlements = {.seats = 1, .channels = 0, .messages = 1, .storage_megabytes = 1},
                           .notices = {},
                           .terms = {},
                           .accepted_version = {},
                           .accepted_at = {}});
  }));
  const auto send = [&] {
    return scratch.database.write([&](store::Transaction& tx) { return judge_message(tx, workspace); });
  };
  TRY_STATUS(send());
  if (send()) return broken("A message beyond the period's is refused.");
  scratch.clock.advance_ms(30 * day_ms);
  TRY_STATUS(send());
  const bool fits =
      scratch.database.write([&](store::Transaction& tx) { return judge_file(tx, workspace, 1'000'000); }).has_value();
  const bool is_too_much =
      !scratch.database.write([&](store::Transaction& tx) { return judge_file(tx, workspace, 1); }).has_value();
  if (!fits || !is_too_much) return broken("A file beyond the agreement's storage is refused.");
  const auto has_seat = [&](const std::string& address) {
    return scratch.database
        .write([&](store::Transaction& tx) {
          return add_person(tx, access::system_actor(workspace),
                            {.workspace = workspace,
                             .name = "Self-test",
                             .email = address,
                             .role = access::Role::agent,
                             .password_hash = "x"});
        })
        .has_value();
  };
  if (!has_seat("one@localhost.invalid") || has_seat("two@localhost.invalid"))
    return broken("A person beyond the agreement's seats is refused.");
  if (!judge_connection(1, 0) || judge_connection(1, 1))
    return broken("A live connection beyond the agreement's is refused.");
  return scratch.database.read([&](store::Session& session) -> Status {
    if (judge_channels(session, workspace, 1)) return broken("A channel beyond the agreement's is refused.");
    return {};
  });
}

Status test_ladders(Scratch& scratch) {
  TRY(const auto clauses, parse_document(default_document()));
  for (const auto& clause : clauses) {
    if (find_rule(clause, "ladder").empty()) continue;
    TRY(const auto workspace, make_workspace(scratch));
    TRY_STATUS(scratch.database.write([&](store::Transaction& tx) { return climb(tx, workspace, clause); }));
    TRY_STATUS(scratch.database.write([&](store::Transaction& tx) -> Status {
      TRY(const auto in_force, suspensions(tx, workspace));
      for (const auto& one : in_force) TRY_STATUS(report_cured(tx, workspace, one.cause, true));
      return {};
    }));
    TRY_STATUS(resume(scratch));
    TRY(const bool is_free, may_send(scratch, workspace));
    if (!is_free) return broken(clause.id + ": a cured suspension ends by itself.");
  }
  return {};
}

}  // namespace answerable::policy
