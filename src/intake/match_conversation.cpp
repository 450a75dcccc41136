// Gathers the evidence for match.h from the database.
#include <algorithm>
#include <vector>

#include "conversations/join.h"
#include "conversations/match.h"
#include "intake/limits.h"
#include "intake/match.h"
#include "intake/receive.h"
#include "mail/address.h"

namespace answerable::intake {

namespace {

// Of a conversation that was joined to another, the token leads there. Mail servers that report about our mail take no
// part, and their reports belong where our mail is; they are shown as automatic, and no reply goes to them.
Status gather_token(Receiving& receiving, std::vector<Evidence>& evidence) {
  const auto& in = receiving.in;
  TRY(const auto conversation,
      conversations::current_conversation(receiving.tx, in.arrival.workspace, *in.message.token_conversation));
  TRY(const bool exists, conversations::conversation_exists(receiving.tx, in.arrival.workspace, conversation));
  if (!exists) return {};
  bool counts = in.message.is_bounce;
  if (!counts) {
    TRY(counts, conversations::takes_part(receiving.tx, in.arrival.workspace, conversation, in.message.from.address));
  }
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
    auto takes_part = in.everybody_takes_part;
    if (!takes_part) {
      TRY(takes_part,
          conversations::takes_part(receiving.tx, in.arrival.workspace, one->conversation, in.message.from.address));
    }
    evidence.push_back({Evidence::Kind::reference, one->conversation, takes_part, one->external_id});
    if (takes_part) break;
  }
  return {};
}

Result<Sender> load_sender(Receiving& receiving) {
  const auto& message = receiving.in.message;
  Sender sender{message.authentication.verdict, false, message.is_bounce};
  if (!message.token_conversation || sender.verdict == mail::SenderAuthentication::Verdict::pass) return sender;
  TRY(sender.was_proven_before,
      conversations::was_proven(receiving.tx, receiving.in.arrival.workspace, mail::address_key(message.from.address)));
  return sender;
}

}  // namespace

StepResult match_conversation(Receiving& receiving) {
  const auto& in = receiving.in;
  std::vector<Evidence> evidence;
  TRY(const auto sender, load_sender(receiving));
  if (in.message.token_conversation) TRY_STATUS(gather_token(receiving, evidence));
  if (evidence.empty() && !in.message.thread_key.empty()) {
    TRY(auto thread,
        conversations::find_by_thread(receiving.tx, in.arrival.workspace, in.arrival.channel, in.message.thread_key));
    if (thread) evidence.push_back({Evidence::Kind::channel_thread, *thread, true});
  }
  if (!choose_conversation(evidence, sender).conversation) TRY_STATUS(gather_references(receiving, evidence));
  receiving.match = choose_conversation(evidence, sender);
  return std::nullopt;
}

}  // namespace answerable::intake
