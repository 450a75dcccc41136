// What administrators, time and the operator do.
#include "app/policy_work.h"
#include "flows/flow.h"
#include "policy/payment.h"
#include "policy/suspend.h"

namespace answerable::flows {

namespace {

void follow_policy(Flow& flow);

void pass(Flow& flow, const Words& w, const Line&) {
  flow.company.advance(to_ms(w[0], w[1]));
  follow_policy(flow);
}

void restart(Flow& flow, const Words&, const Line&) {
  flow.company.stop();
  flow.company.start();
}

// Suspending has no address in the API yet: the act itself, as this person.
void act_in_process(Flow& flow, const std::function<Status(store::Transaction&)>& act) {
  const auto done = flow.company.database().write([&](store::Transaction& tx) -> Status { return act(tx); });
  if (done) return;
  if (done.error().code == flow.refusal) throw Refused{};
  throw Trouble{"the act succeeds", done.error().code + ": " + done.error().detail};
}

void suspend_until(Flow& flow, const Words& w, std::optional<Time> until) {
  const policy::NewSuspension suspension{.workspace = flow.company.workspace(),
                                         .scope = policy::Scope::sending,
                                         .cause = "flow",
                                         .reason = w.back(),
                                         .until = until};
  act_in_process(flow,
                 [&](store::Transaction& tx) { return policy::suspend(tx, flow.company.actor(w[0]), suspension); });
}

void suspend(Flow& flow, const Words& w, const Line&) { suspend_until(flow, w, std::nullopt); }

void suspend_for(Flow& flow, const Words& w, const Line&) {
  suspend_until(flow, w, flow.company.clock().now() + to_ms(w[1], w[2]));
}

void lift(Flow& flow, const Words& w, const Line&) {
  act_in_process(flow, [&](store::Transaction& tx) {
    return policy::lift(tx, flow.company.actor(w[0]), flow.company.workspace(), policy::Scope::sending);
  });
}

// As the worker does every second of the real clock, which a flow does not wait for.
void follow_policy(Flow& flow) {
  const auto done = app::follow_policy(flow.company.database());
  if (!done) throw Trouble{"the policy is followed", done.error().code + ": " + done.error().detail};
}

void order_to_pay(Flow& flow, const Words& w, const Line&) {
  const policy::NewOrder order{.workspace = flow.company.workspace(),
                               .reference = w[0],
                               .amount = "10.00 EUR",
                               .due_at = flow.company.clock().now() + to_ms(w[1], w[2])};
  act_in_process(flow, [&](store::Transaction& tx) -> Status {
    TRY_STATUS(policy::record_order(tx, access::system_actor({}), order));
    return {};
  });
}

void pay(Flow& flow, const Words& w, const Line&) {
  act_in_process(flow, [&](store::Transaction& tx) -> Status {
    TRY(const auto all, policy::orders(tx, flow.company.workspace()));
    for (const auto& order : all) {
      if (order.reference != w[0]) continue;
      TRY_STATUS(policy::settle_order(tx, access::system_actor({}), order.workspace, order.id, true));
    }
    return {};
  });
  follow_policy(flow);
}

void replay(Flow& flow, const Words& w, const Line&) {
  const auto list = flow.look("/api/v1/quarantine");
  const auto& items = list.at("items").as_array();
  if (items.empty()) throw Trouble{"something in quarantine", "nothing"};
  flow.ask(w[0], "POST", "/api/v1/quarantine/" + text_at(items.front(), "id") + "/replay");
}

std::string channel_path(Flow& flow) { return "/api/v1/channels/" + flow.company.mail_channel().text(); }

void disable(Flow& flow, const Words& w, const Line&) { flow.ask(w[0], "DELETE", channel_path(flow)); }

void enable(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PATCH", channel_path(flow), {{"state", "active"}});
}

void disable_person(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PATCH", "/api/v1/users/" + flow.company.actor(w[1]).user.text(), {{"state", "disabled"}});
}

constexpr Statement table[] = {
    {R"(after <n> <unit>)", pass},
    {R"(restart)", restart},
    {R"(<who> suspends sending because "reason")", suspend},
    {R"(<who> suspends sending for <n> <unit> because "reason")", suspend_for},
    {R"(<who> lifts the suspension)", lift},
    {R"(the operator orders to pay "reference" within <n> <unit>)", order_to_pay},
    {R"(the operator records that "reference" is paid)", pay},
    {R"(<who> replays the quarantined mail)", replay},
    {R"(<who> disables the mail channel)", disable},
    {R"(<who> enables the mail channel)", enable},
    {R"(<who> disables <person>)", disable_person},
};

}  // namespace

std::span<const Statement> administrator_statements() { return table; }

}  // namespace answerable::flows
