// What leaves an incident as files: the register as CSV, and the evidence pack (audit/evidence.h).
#pragma once

#include <memory>
#include <string>

#include "access/incident.h"
#include "conversations/affected.h"
#include "http/route.h"
#include "store/unnamed_file.h"

namespace answerable::http {

// Who the incident is about with the keys that person made, from a day before it was opened until it was closed or now.
Result<conversations::AffectedWish> affected_wish(store::Session& session, const access::Actor& by,
                                                  access::IncidentId id);
Result<std::string> register_csv(store::Session& session, const access::Actor& by);
// The whole ledger with its checkpoints, the incident, its acts, readings and people affected, and what the authority
// was told. Stands in the ledger, the read log and the timeline before anything is handed out. Errors: denied,
// not_found, limited "ledger_too_large", unavailable "no_ledger_key".
Result<std::shared_ptr<const store::MappedBytes>> evidence_of(Call& call, access::IncidentId id);

}  // namespace answerable::http
