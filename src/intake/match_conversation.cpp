// Gathers the evidence for match.h from the database.
#include <algorithm>
#include <vector>

#include "conversations/match.h"
#include "intake/limits.h"
#include "intake/match.h"
#include "intake/receive.h"

namespace answerable::intake {

namespace {

// Mail servers that report about our mail take no part, and their reports belong where our mail is; they are shown as
// automatic, and no reply goes to them.
Status gather_token(Receiving& receiving, std::vector<Evidence>& evidence) {
  const auto& in = receiving.in;
  const auto conversation = *in.message.token_conversation;
  TRY(bool counts,
      in.message.is_bounce
          ? conversations::conversation_exists(receiving.tx, in.arrival.workspace, conversation)
          : conversations::takes_part(receiving.tx, in.arrival.workspace, conversation, in.message.from.address));
  evidence.push_back({Evidence::Kind::reply_token, conversation, counts});
  return {};
}

Status gather_references(Receiving& receiving, std::vector<Evidence>& evidence) {
  const auto& in = receiving.in;
  const auto& all = in.message.references;
  if (all.empty() || in.message.from.address.empty()) return {};
  auto first =
      all.size() > referenced_ids_max ? all.end() - static_cast<std::ptrdiff_t>(referenced_ids_max) : all.begin();
  std::vector<std::string> newest(first, all.end());
  TRY(auto known, conversations::find_by_external_ids(receiving.tx, in.arrival.workspace, newest));
  std::vector<ConversationId> asked;
  for (auto one = known.rbegin(); one != known.rend(); ++one) {
    if (std::ranges::find(asked, one->conversation) != asked.end()) continue;
    asked.push_back(one->conversation);
    TRY(auto takes_part,
        conversations::takes_part(receiving.tx, in.arrival.workspace, one->conversation, in.message.from.address));
    evidence.push_back({Evidence::Kind::reference, one->conversation, takes_part});
    if (takes_part) break;
  }
  return {};
}

}  // namespace

StepResult match_conversation(Receiving& receiving) {
  const auto& in = receiving.in;
  std::vector<Evidence> evidence;
  if (in.message.token_conversation) TRY_STATUS(gather_token(receiving, evidence));
  if (evidence.empty() && !in.message.thread_key.empty()) {
    TRY(auto thread,
        conversations::find_by_thread(receiving.tx, in.arrival.workspace, in.arrival.channel, in.message.thread_key));
    if (thread) evidence.push_back({Evidence::Kind::channel_thread, *thread, true});
  }
  if (!choose_conversation(evidence)) TRY_STATUS(gather_references(receiving, evidence));
  receiving.conversation = choose_conversation(evidence);
  return std::nullopt;
}

}  // namespace answerable::intake
