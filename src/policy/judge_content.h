// What a message says, judged before it is taken in or leaves: by the rules (content_rule.h), and by the measures
// `hold` and `block` that stand. Asked in one step of intake and in one place of every act that sends; nothing
// is dispatched without a ContentJudgement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "policy/content_matcher.h"
#include "policy/judging.h"
#include "policy/violation.h"
#include "store/session.h"

namespace answerable::policy {

struct RuleHit {
  ContentRuleId rule;   // nil: a measure that stands
  std::string name;     // of the rule; of the clause, for a measure
  std::string clause;   // that an outgoing message violates; empty: none
  std::string control;  // the kind of the rule
  ContentAction action = ContentAction::note;
  bool asks_first = false;  // the rule warns; what the ladder of the clause does comes after that
  std::string excerpt;
};

// Whose message it is, for the measures that stand.
struct ContentOrigin {
  WorkspaceId workspace;
  ChannelId channel;
  ConversationId conversation;  // nil: a new one
  std::string author;           // id text of who sends
};

// Made by judge_content() only.
class ContentJudgement {
 public:
  const std::vector<RuleHit>& findings() const { return findings_; }
  // The strongest of all findings.
  ContentAction action() const;
  bool must_wait() const { return action() == ContentAction::hold; }
  // For what a person has decided about already, or where there is nobody to be asked or told.
  void at_most(ContentAction most);

 private:
  ContentJudgement() = default;
  friend Result<ContentJudgement> judge_content(store::Session&, const ContentOrigin&, const Content&, FindAddresses);
  std::vector<RuleHit> findings_;
  std::optional<std::uint64_t> fingerprint_;
  friend Status record_content(store::Transaction&, const ContentOrigin&, const ContentJudgement&, bool, MessageId);
};

// `own_addresses`: of the workspace's channels; for what arrives. One statement where nothing has changed and nothing
// is found; for a reply that is long enough one more, which looks for the same text.
Result<ContentJudgement> judge_content(store::Session& session, const ContentOrigin& origin, const Content& content,
                                       FindAddresses own_addresses = nullptr);
// Whether an outgoing message may be written. `is_confirmed`: its author has seen the warnings. Errors: denied
// "content_refused", conflict "content_warning", each with the rule and the excerpt.
Status may_leave(const ContentJudgement& judgement, bool is_confirmed);
// Keeps what was found with the message (nil: one that was refused, which nobody has), and reports a violation for each
// clause that an outgoing one violates.
Status record_content(store::Transaction& tx, const ContentOrigin& origin, const ContentJudgement& judgement,
                      bool is_outbound, MessageId message);

inline constexpr int fingerprints_looked_at_max = 5'000;  // of one workspace, newest first
inline constexpr int findings_shown_max = 20;             // of one message

// What was found in a message, for people.
struct KeptFinding {
  std::string name, excerpt;
  ContentAction action = ContentAction::note;
};
Result<std::vector<KeptFinding>> findings_of(store::Session& session, WorkspaceId workspace, MessageId message);

}  // namespace answerable::policy
