#include "intake/match.h"

namespace answerable::intake {

using Verdict = mail::SenderAuthentication::Verdict;

std::string_view to_string(Evidence::Kind kind) {
  switch (kind) {
    case Evidence::Kind::reply_token: return "reply_token";
    case Evidence::Kind::channel_thread: return "channel_thread";
    case Evidence::Kind::reference: return "reference";
  }
  return "reference";
}

std::string_view to_string(Weakness weakness) {
  switch (weakness) {
    case Weakness::none: return "none";
    case Weakness::stranger: return "stranger";
    case Weakness::unproven: return "unproven";
    case Weakness::disowned: return "disowned";
    case Weakness::unreachable: return "unreachable";
    case Weakness::no_longer_proven: return "no_longer_proven";
  }
  return "none";
}

Weakness weakness_of(const Evidence& evidence, const Sender& sender) {
  if (evidence.kind == Evidence::Kind::channel_thread) return Weakness::none;
  if (!evidence.sender_takes_part) return Weakness::stranger;
  const bool is_token = evidence.kind == Evidence::Kind::reply_token;
  if (is_token && sender.is_report) return Weakness::none;
  if (sender.verdict == Verdict::pass) return Weakness::none;
  if (sender.verdict == Verdict::fail) return Weakness::disowned;
  if (is_token && !sender.was_proven_before) return Weakness::none;
  if (sender.verdict == Verdict::temporary) return Weakness::unreachable;
  return is_token ? Weakness::no_longer_proven : Weakness::unproven;
}

Match choose_conversation(std::span<const Evidence> evidence, const Sender& sender) {
  const Evidence *best = nullptr, *weak = nullptr;
  for (const auto& one : evidence) {
    auto& kept = weakness_of(one, sender) == Weakness::none ? best : weak;
    if (kept == nullptr || one.kind < kept->kind) kept = &one;
  }
  Match match;
  if (best != nullptr) {
    match.conversation = best->conversation;
    match.by = *best;
  } else if (weak != nullptr) {
    match.suggested = *weak;
    match.weakness = weakness_of(*weak, sender);
  }
  return match;
}

}  // namespace answerable::intake
