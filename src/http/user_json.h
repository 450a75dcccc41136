// People, sessions and API keys as JSON.
#pragma once

#include "access/api_key.h"
#include "access/composed_role.h"
#include "access/known_device.h"
#include "access/session.h"
#include "access/user.h"
#include "access/workspace.h"
#include "http/json_writer.h"

namespace answerable::http {

void write_user(JsonWriter& out, const access::User& user);
void write_session(JsonWriter& out, const access::SessionInfo& session, bool is_current);
void write_device(JsonWriter& out, const access::KnownDevice& device, bool is_current);
// The member "permissions".
void write_permissions(JsonWriter& out, const access::Permissions& permissions);
void write_api_key(JsonWriter& out, const access::ApiKey& key);

}  // namespace answerable::http
