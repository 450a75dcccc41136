// The rules of a workspace and those of the operator: kept, changed, tried, counted.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/overwritten.h"
#include "access/revision.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/content_matcher.h"
#include "policy/content_rule.h"
#include "store/session.h"

namespace answerable::policy {

// Who may change them: the operator those without a workspace, an administrator those of the own workspace. Errors:
// denied; those of check_content_rule() and ContentMatcher::make(); limited "too_many_content_rules"; not_found
// "content_rule_unknown".
Result<ContentRule> save_content_rule(store::Transaction& tx, const access::Actor& by, const ContentRule& rule);
Status delete_content_rule(store::Transaction& tx, const access::Actor& by, WorkspaceId owner, ContentRuleId id);

// The fields of a rule as texts, by name: what is kept when a rule is written over or deleted (access/overwritten.h).
access::Fields to_fields(const ContentRule& rule);
void set_field(ContentRule& rule, std::string_view field, std::string_view text);
Result<std::optional<ContentRule>> find_content_rule(store::Session& session, WorkspaceId owner, ContentRuleId id);

struct CountedRule {
  ContentRule rule;
  std::int64_t hits = 0;  // messages, in the last content_hit_days
  std::optional<Time> last_hit_at;
};
inline constexpr std::int64_t content_hit_days = 30;
// In the order in which they were made. Of a rule of the operator: with the hits in all workspaces.
Result<std::vector<CountedRule>> content_rules(store::Session& session, WorkspaceId owner);
inline Result<std::vector<CountedRule>> operators_content_rules(store::Session& session) {
  return content_rules(session, WorkspaceId{});
}

// What the rule finds in an example; nothing: it does not. Nothing is kept. Of the kind `identical`: whether two texts
// that a blank line parts are almost the same. Errors: those of check_content_rule() and ContentMatcher::make().
Result<std::optional<std::string>> try_content_rule(ContentRule rule, const Content& example, const OwnSenders& own);

// Ready to be asked; nullptr: there are none. Made once a change and then kept in memory, of at most matchers_kept
// owners. `state` names what the rules are now (judging.cpp); nil: there never were any.
inline constexpr std::size_t matchers_kept = 64;
Result<std::shared_ptr<const ContentMatcher>> matcher_of(store::Session& session, WorkspaceId owner,
                                                         access::RevisionId state);

// What an installation begins with: card numbers, secrets, many times the same, names of our own people. Nothing when
// the operator has had rules before.
Status save_default_content_rules(store::Transaction& tx);

}  // namespace answerable::policy
