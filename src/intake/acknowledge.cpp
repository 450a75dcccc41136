// The automatic acknowledgement of a conversation that begins, in the transaction of the message that begins it: both
// are there or none. An answer to what somebody wrote before, and what comes when the workspace may not send, gets
// none.
#include <algorithm>

#include "access/workspace.h"
#include "conversations/list.h"
#include "conversations/send_automatic.h"
#include "intake/acknowledgement.h"
#include "intake/receive.h"
#include "mail/address.h"
#include "policy/judge.h"

namespace answerable::intake {

namespace {

bool is_old(const Receiving& receiving) {
  const auto& arrival = receiving.in.arrival;
  const auto since = arrival.source_at ? std::min(*arrival.source_at, arrival.received_at) : arrival.received_at;
  return receiving.tx.now().ms - since.ms > acknowledged_age_ms_max;
}

}  // namespace

StepResult acknowledge(Receiving& receiving) {
  auto& tx = receiving.tx;
  const auto workspace = receiving.in.arrival.workspace;
  const auto& wanted = receiving.in.message.acknowledgement;
  const auto& begun = receiving.appended;
  if (!wanted || !begun || !begun->is_new_conversation || is_old(receiving)) return std::nullopt;
  TRY(const auto suspension, policy::find_suspension(tx, workspace, policy::Scope::sending));
  if (suspension) return std::nullopt;
  TRY(const bool may_go,
      claim_acknowledgement(tx, workspace, receiving.in.arrival.channel, mail::address_key(wanted->to)));
  if (!may_go) return std::nullopt;
  TRY(const auto item, conversations::load_item(tx, workspace, begun->conversation));
  TRY(const auto company, access::find_workspace(tx, workspace));
  const Placeholders values{.reference = item.number, .workspace = company ? company->name : std::string()};
  TRY_STATUS(conversations::send_automatic(
      tx, workspace, item,
      {.to = wanted->to, .subject = fill_in(wanted->subject, values), .text = fill_in(wanted->text, values)}));
  return std::nullopt;
}

}  // namespace answerable::intake
