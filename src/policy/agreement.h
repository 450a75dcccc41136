// What a workspace has agreed to: when and by whom it was signed, what it is entitled to, who is told, and the terms
// that go before the policy. The binding version of the policy is the one in force on the date of the signature,
// whatever is published later, until the workspace accepts a newer one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/version.h"
#include "store/session.h"

namespace answerable::policy {

inline constexpr std::size_t signatory_bytes_max = 200;
inline constexpr std::size_t terms_max = 100;
// What an agreement can include by name; docs/operations/acceptable-use.md says what each of them opens.
inline constexpr std::array<std::string_view, 6> known_features{"email",          "webchat", "api",
                                                                "single_sign_on", "scim",    "exports"};
inline constexpr std::int64_t entitlement_max = 1'000'000'000;
inline constexpr std::int64_t period_days_max = 366;

struct Term {
  std::string clause;       // its id
  std::string name, value;  // of the rule that it overrides
};

struct Entitlements {  // nothing: without limit
  std::optional<std::int64_t> seats, channels, messages;
  std::optional<std::int64_t> storage_megabytes = {};     // of a million bytes: files, and what arrived as it came
  std::optional<std::int64_t> attachment_megabytes = {};  // of one file that somebody of the workspace sends
  std::optional<std::int64_t> connections = {};           // live screens at once
  std::int64_t period_days = 30;                          // in which so many messages may leave
  std::vector<std::string> features = {};                 // of known_features; none: all
};

struct Notices {  // mail addresses; empty: nobody
  std::string administrator, security, privacy;
};

struct Agreement {
  WorkspaceId workspace;
  Time signed_at;
  std::string signatory;
  Entitlements entitlements;
  Notices notices;
  std::vector<Term> terms;
  std::optional<std::int64_t> accepted_version;  // newer than that of the signature
  std::optional<Time> accepted_at;
};

// Replaces all but what the workspace has accepted. Errors: denied; not_found "workspace_unknown"; invalid
// "bad_agreement", "bad_rule".
Status save_agreement(store::Transaction& tx, const access::Actor& by, const Agreement& agreement);
Result<std::optional<Agreement>> find_agreement(store::Session& session, WorkspaceId workspace);
// The agreement's address for data protection; empty: none.
Result<std::string> privacy_address(store::Session& session, WorkspaceId workspace);
// By an administrator, for a version that is published and newer than the binding one; in the ledger. Errors: denied;
// not_found "version_unknown", "no_agreement"; conflict "version_not_newer".
Status accept_version(store::Transaction& tx, const access::Actor& by, std::int64_t number);
// Without an agreement: the version in force now. 0 when there is none at all.
Result<std::int64_t> binding_version(store::Session& session, WorkspaceId workspace);

// A rule as it holds for one workspace, with where it comes from: every decision cites it.
struct AppliedRule {
  std::string clause, name, value;  // value is empty when neither policy nor agreement has one
  std::int64_t version = 0;
  bool is_term = false;  // of the agreement

  std::string citation() const;  // "no_bulk, version 3" or "no_bulk, term of the agreement (version 3)"
  std::int64_t number(std::int64_t otherwise) const;
};
Result<AppliedRule> rule_for(store::Session& session, WorkspaceId workspace, std::string_view clause,
                             std::string_view name);
// All that hold of one clause, each once.
Result<std::vector<AppliedRule>> rules_for(store::Session& session, WorkspaceId workspace, std::string_view clause);

}  // namespace answerable::policy
