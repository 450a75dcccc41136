// "My code may be known to someone else." The password, all sessions and devices, and the API keys that the person made
// end in one transaction; an incident opens; the person, the administrators and the operator's security address are
// told. An app as second factor stays: it keeps out who knows the password. Passkeys go: a stranger may have added one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/account_link.h"
#include "access/incident.h"
#include "audit/ledger.h"
#include "store/database.h"

namespace answerable::access {

inline constexpr std::int64_t looked_back_ms = 86'400'000;  // acts of so long before the report are laid out
inline constexpr std::int64_t acts_read_max = 20'000;       // entries of the ledger that are looked through
inline constexpr std::size_t acts_listed_max = 1'000;

// For oneself, or by an administrator for another person. `security_address`: the operator's; empty: the operators are
// told at their own. Errors: denied, not_found "user_unknown".
Result<IncidentId> report_exposed(store::Transaction& tx, std::string_view security_address, const Actor& by,
                                  UserId user);
// By who has a link from a mail and is not signed in. Uses it up. Errors: not_found "link_unknown".
Result<IncidentId> report_exposed_by_link(store::Transaction& tx, std::string_view security_address,
                                          const AccountLink& link);
// Sends such a link; says nothing, whoever has the address or has not. Returns at once.
void ask_for_report_link(store::Database& database, std::string_view link_key, std::string_view email);

// Whether somebody else may have had the person's code at that time: within the day before a report.
Result<bool> was_exposed(store::Session& session, WorkspaceId workspace, UserId user, Time at);

struct ExposedActs {
  std::vector<audit::Entry> entries;  // newest first
  bool is_complete = true;            // false: there are more than were read or can be listed
};
// Of API and directory.
Result<std::vector<ApiKeyId>> keys_made_by(store::Session& session, WorkspaceId workspace, UserId user);
// What was done with the person's code, or with the keys that the person made, in the day before the incident opened
// and since. Errors: those of load_incident.
Result<ExposedActs> exposed_acts(store::Session& session, const Actor& by, IncidentId id);
// One of those. Errors: not_found "act_unknown".
Result<audit::Entry> load_exposed_act(store::Session& session, const Actor& by, const Incident& incident,
                                      std::int64_t seq);

}  // namespace answerable::access
