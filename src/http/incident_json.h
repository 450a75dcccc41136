// Incidents as JSON, for the two files that answer with one.
#pragma once

#include "access/incident.h"
#include "http/conversation_json.h"
#include "http/route.h"

namespace answerable::http {

// The members without the braces, without timeline and notifications.
void write_incident(JsonWriter& out, const access::Incident& incident, const Names& names);
// The whole incident as it is now.
Result<std::string> incident_body(Call& call, store::Session& session, access::IncidentId id);
Result<net::Response> show_incident(Call& call, access::IncidentId id, int status = 200);

// Called by add_incident_routes(): breach_resource.cpp.
void add_breach_routes(net::Router& router, ApiContext& api);

}  // namespace answerable::http
