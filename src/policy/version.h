// The versions of the acceptable-use policy: numbered from 1, written by the operator as a draft, published with the
// date from which it is in force, and never changed after that. All are public.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/clause.h"
#include "store/session.h"

namespace answerable::policy {

inline constexpr std::size_t version_summary_bytes_max = 1'000;
inline constexpr std::int64_t versions_max = 1'000;

struct VersionHead {
  std::int64_t number = 0;
  std::optional<Time> effective_at;  // nothing: a draft
  std::optional<Time> published_at;
  std::string summary;  // what changed, in the operator's words
};

struct Version {
  VersionHead head;
  std::vector<Clause> clauses;
};

// There is one draft: the number after the last published one. Replaces it. Errors: denied; invalid "bad_policy",
// "bad_rule", "bad_summary"; limited "too_many_versions".
Result<Version> save_draft(store::Transaction& tx, const access::Actor& by, std::string_view summary,
                           const std::vector<Clause>& clauses);
// Errors: denied, not_found "no_draft".
Status discard_draft(store::Transaction& tx, const access::Actor& by);
// In force from `effective_at`, or without one from now: not before now and later than every other version. Leaves an
// entry in
// the installation's ledger with the hash of the text. Errors: denied, not_found "no_draft", invalid
// "bad_effective_at".
Result<VersionHead> publish_draft(store::Transaction& tx, const access::Actor& by, std::optional<Time> effective_at);
// When there is no version yet: the default policy as version 1, in force from now.
Status publish_default(store::Transaction& tx);

// Newest first.
Result<std::vector<VersionHead>> published_versions(store::Session& session);
Result<std::optional<Version>> find_draft(store::Session& session);
// Published ones only. Errors of load_: not_found "version_unknown".
Result<std::optional<Version>> find_version(store::Session& session, std::int64_t number);
Result<Version> load_version(store::Session& session, std::int64_t number);
// 0 when none is in force yet.
Result<std::int64_t> version_in_force(store::Session& session, Time at);
Result<std::int64_t> first_version(store::Session& session);

}  // namespace answerable::policy
