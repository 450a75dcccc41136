#include "conversations/judge_outgoing.h"

namespace answerable::conversations {

Status record_refusal(store::Transaction& tx, const ContentRefusal& refusal) {
  if (!refusal.judgement) return {};
  return policy::record_content(tx, refusal.origin, *refusal.judgement, true, MessageId{});
}

Result<policy::ContentJudgement> judge_outgoing(store::Session& session, const access::Actor& actor,
                                                const Outgoing& outgoing, const Authored& authored,
                                                const ContentConsent& consent) {
  const policy::ContentOrigin origin{.workspace = actor.workspace,
                                     .channel = outgoing.channel,
                                     .conversation = outgoing.conversation,
                                     .author = actor.id_text()};
  TRY(auto judgement, policy::judge_content(session, origin,
                                            {.is_outbound = true,
                                             .channel_kind = outgoing.channel_kind,
                                             .subject = authored.subject,
                                             .text = authored.text,
                                             .html = authored.html,
                                             .files = consent.files_text,
                                             .quoted = authored.quoted ? authored.quoted->text : std::string_view()}));
  if (authored.is_automatic) {
    judgement.at_most(policy::ContentAction::hold);
    return judgement;
  }
  auto may = policy::may_leave(judgement, consent.has_seen_warnings);
  if (may) return judgement;
  if (consent.refusal != nullptr && may.error().code == "content_refused")
    *consent.refusal = {.judgement = std::move(judgement), .origin = origin};
  return std::unexpected(std::move(may).error());
}

}  // namespace answerable::conversations
