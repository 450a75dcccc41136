// Applications: the programs that may use the interface of a workspace. Each says what it is for, who answers for it,
// what it may do and until when; API keys belong to one, and work only while it is approved. Who approves, the operator
// or the workspace's administrators, is a rule of the policy: the caller has asked it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

using ApplicationId = Id<struct ApplicationTag>;

inline constexpr std::size_t application_name_bytes_max = 120;
inline constexpr std::size_t application_purpose_bytes_max = 1'000;
inline constexpr std::int64_t applications_per_workspace_max = 200;  // not counting those that are over
inline constexpr std::int64_t legacy_ms = 180LL * 86'400'000;        // for keys from before there were applications

enum class ApplicationState : std::uint8_t { asked, approved, refused, ended };
std::string_view to_string(ApplicationState state);

struct Application {
  ApplicationId id;
  WorkspaceId workspace;
  std::string name, purpose, contact;  // contact: a mail address, or empty
  UserId owner;                        // nil: nobody (keys from before there were applications)
  bool may_write = false;              // the most that its keys may
  ApplicationState state = ApplicationState::asked;
  Time created_at;
  std::optional<Time> expires_at, decided_at;
};

struct NewApplication {
  std::string name, purpose, contact;
  bool may_write = false;
  std::optional<Time> expires_at;
};

// By an administrator, who owns it. `is_approved`: administrators approve here. Errors: denied, invalid "name_invalid",
// "purpose_invalid", "contact_invalid", "expiry_in_past", limited "too_many_applications".
Result<Application> register_application(store::Transaction& tx, const Actor& by, const NewApplication& given,
                                         bool is_approved);
// By an operator. Errors: denied, not_found "application_unknown", conflict "application_decided".
Status decide_application(store::Transaction& tx, const Actor& by, ApplicationId id, bool is_approved);
// By an administrator: its keys are refused from now on. Call Authenticator::changed() after it. Errors: denied,
// not_found "application_unknown".
Status end_application(store::Transaction& tx, const Actor& by, ApplicationId id);

// Those that are not over (refused ones stay for a look), newest first. Errors: denied.
Result<std::vector<Application>> applications(store::Session& session, const Actor& by);
// Of the whole installation, those that wait for the operator; oldest first, at most 200.
Result<std::vector<Application>> waiting_applications(store::Session& session);
// Errors: not_found "application_unknown".
Result<Application> load_application(store::Session& session, WorkspaceId workspace, ApplicationId id);

// Gives those that stand for keys from before there were applications their expiry, legacy_ms from now.
Status date_legacy_applications(store::Transaction& tx);

}  // namespace answerable::access
