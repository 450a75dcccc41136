// What the rules on content, and the measures that stand, say of what has arrived. What they refuse goes to the
// quarantine, where an administrator may let it through; what they hold is appended in its place and withheld.
#include "policy/judge_content.h"

#include <algorithm>

#include "intake/receive.h"

namespace answerable::intake {
namespace {

Result<std::vector<std::string>> own_addresses(store::Session& session, WorkspaceId workspace) {
  return session.all("select address_key from channel_addresses where workspace_id = $1", {workspace},
                     [](const store::Row& row) { return row.string(0); });
}

policy::ContentOrigin origin_of(const Arrival& arrival) {
  return {.workspace = arrival.workspace, .channel = arrival.channel, .conversation = {}, .author = {}};
}

std::string words_on(const policy::ContentJudgement& judgement) {
  const auto refused = std::ranges::find(judgement.findings(), policy::ContentAction::refuse, &policy::RuleHit::action);
  return refused->name + ": " + refused->excerpt;
}

}  // namespace

StepResult judge_content(Receiving& receiving) {
  const auto& arrival = receiving.in.arrival;
  const auto& message = receiving.in.message;
  const policy::Content content{
      .channel_kind = arrival.channel_kind,
      .subject = message.subject,
      .text = message.text,
      .html = message.html_safe,
      .files = message.files_text,
      .from_name = message.from.name,
      .from_address = message.from.address,
      .reply_to = message.reply_to,
      .is_sender_disproved = message.authentication.verdict == mail::SenderAuthentication::Verdict::fail};
  TRY(receiving.judged, policy::judge_content(receiving.tx, origin_of(arrival), content, own_addresses));
  // An administrator has looked at it, and put it in.
  if (is_replay(receiving.in)) receiving.judged->at_most(policy::ContentAction::note);
  if (receiving.judged->action() != policy::ContentAction::refuse) return std::nullopt;
  TRY_STATUS(policy::record_content(receiving.tx, origin_of(arrival), *receiving.judged, false, MessageId{}));
  receiving.reason = "content_refused";
  receiving.detail = words_on(*receiving.judged);
  return Disposition::quarantined;
}

}  // namespace answerable::intake
