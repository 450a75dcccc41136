#include "policy/judging.h"

#include "access/revision.h"
#include "access/user.h"
#include "policy/content_rules.h"
#include "policy/kept.h"

namespace answerable::policy {
namespace {

using access::RevisionId;

Kept<std::vector<Restriction>>& kept_restrictions() {
  static Kept<std::vector<Restriction>> all;
  return all;
}

Kept<OwnSenders>& kept_senders() {
  static Kept<OwnSenders> all;
  return all;
}

struct States {
  RevisionId operators, own, senders, measures;  // nil: never changed
};

Result<States> states_of(store::Session& session, WorkspaceId workspace) {
  States states;
  // No "or" and no "in": for those SQLite makes a table each time.
  TRY_STATUS(
      session.each("select 'rules', workspace_id, revision_id from content_rule_sets where workspace_id = $1 "
                   "union all select 'rules', workspace_id, revision_id from content_rule_sets where workspace_id = $2 "
                   "union all select part, workspace_id, revision_id from revisions where workspace_id = $1",
                   {workspace, WorkspaceId{}}, [&](const store::Row& row) {
                     const auto part = row.text(0);
                     const bool is_operators = row.id<WorkspaceId>(1).is_nil();
                     const auto revision = row.id<RevisionId>(2);
                     if (part == access::senders_part) states.senders = revision;
                     if (part == access::measures_part) states.measures = revision;
                     if (part == "rules") (is_operators ? states.operators : states.own) = revision;
                   }));
  return states;
}

// Those that name a single message are for that one only, which is judged already.
Result<std::shared_ptr<const std::vector<Restriction>>> restrictions_of(store::Session& session, WorkspaceId workspace,
                                                                        RevisionId state) {
  if (auto kept = kept_restrictions().find(workspace, state)) return kept;
  TRY(auto standing,
      session.all("select clause, kind, object_kind, object_id from policy_measures where workspace_id = $1 "
                  "and ended_as = '' and kind in ('hold', 'block') and object_kind <> 'message'",
                  {workspace}, [](const store::Row& row) {
                    return Restriction{row.string(0), row.string(1), row.string(2), row.string(3)};
                  }));
  const auto made = std::make_shared<const std::vector<Restriction>>(std::move(standing));
  kept_restrictions().keep(workspace, state, made, made->size());
  return made;
}

Result<std::shared_ptr<const OwnSenders>> senders_of(store::Session& session, WorkspaceId workspace, RevisionId state,
                                                     FindAddresses addresses) {
  if (addresses != nullptr) {
    if (auto kept = kept_senders().find(workspace, state)) return kept;
  }
  auto made = std::make_shared<OwnSenders>();
  TRY(const auto people, access::users(session, workspace));
  for (const auto& user : people) {
    if (!user.is_active) continue;
    made->add_name(user.name);
    made->add_address(user.email);
  }
  if (addresses == nullptr) return made;
  TRY(const auto channels, addresses(session, workspace));
  for (const auto& address : channels) made->add_address(address);
  kept_senders().keep(workspace, state, made, made->size());
  return made;
}

bool asks_for_senders(const std::shared_ptr<const ContentMatcher>& matcher, const Content& content) {
  return matcher && matcher->needs_own_senders(content);
}

}  // namespace

Result<Judging> judging_of(store::Session& session, WorkspaceId workspace, const Content& content,
                           FindAddresses addresses) {
  Judging judging;
  TRY(const auto states, states_of(session, workspace));
  TRY(judging.operators, matcher_of(session, WorkspaceId{}, states.operators));
  TRY(judging.own, matcher_of(session, workspace, states.own));
  TRY(judging.restrictions, restrictions_of(session, workspace, states.measures));
  if (asks_for_senders(judging.operators, content) || asks_for_senders(judging.own, content)) {
    TRY(judging.senders, senders_of(session, workspace, states.senders, addresses));
  }
  return judging;
}

}  // namespace answerable::policy
