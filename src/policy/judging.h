// What every message of a workspace is judged by: the rules made ready, whose names are ours, the measures that stand.
// All of it is kept in memory; a message whose workspace has not changed costs one statement, which names the states.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "policy/content_matcher.h"
#include "store/session.h"

namespace answerable::policy {

// A measure `hold` or `block` that stands, and what it names.
struct Restriction {
  std::string clause, kind, object_kind, object_id;
};

// The addresses of the workspace's channels, which are kept elsewhere.
using FindAddresses = Result<std::vector<std::string>> (*)(store::Session&, WorkspaceId);

struct Judging {
  std::shared_ptr<const ContentMatcher> operators, own;  // nullptr: no rules
  std::shared_ptr<const std::vector<Restriction>> restrictions;
  std::shared_ptr<const OwnSenders> senders;  // nullptr: no rule asks for them
};
// `addresses` may be nullptr: then nothing of the senders is kept.
Result<Judging> judging_of(store::Session& session, WorkspaceId workspace, const Content& content,
                           FindAddresses addresses);

}  // namespace answerable::policy
