// Each resource adds its routes. One function a file; api.cpp calls them all.
#pragma once

#include "http/context.h"
#include "net/router.h"

namespace answerable::http {

void add_session_routes(net::Router& router, ApiContext& api);
void add_device_routes(net::Router& router, ApiContext& api);
void add_account_routes(net::Router& router, ApiContext& api);
void add_second_factor_routes(net::Router& router, ApiContext& api);
void add_passkey_routes(net::Router& router, ApiContext& api);
void add_single_sign_on_routes(net::Router& router, ApiContext& api);
void add_scim_routes(net::Router& router, ApiContext& api);
void add_scim_group_routes(net::Router& router, ApiContext& api);
void add_scim_token_routes(net::Router& router, ApiContext& api);
void add_incident_routes(net::Router& router, ApiContext& api);
void add_user_routes(net::Router& router, ApiContext& api);
void add_role_routes(net::Router& router, ApiContext& api);
void add_read_routes(net::Router& router, ApiContext& api);
void add_workspace_routes(net::Router& router, ApiContext& api);
void add_api_key_routes(net::Router& router, ApiContext& api);
void add_conversation_list_routes(net::Router& router, ApiContext& api);
void add_conversation_routes(net::Router& router, ApiContext& api);
void add_join_routes(net::Router& router, ApiContext& api);
void add_message_routes(net::Router& router, ApiContext& api);
void add_mail_document_routes(net::Router& router, ApiContext& api);
void add_remote_image_routes(net::Router& router, ApiContext& api);
void add_contact_routes(net::Router& router, ApiContext& api);
void add_search_routes(net::Router& router, ApiContext& api);
void add_upload_routes(net::Router& router, ApiContext& api);
void add_attachment_routes(net::Router& router, ApiContext& api);
void add_events_routes(net::Router& router, ApiContext& api);
void add_live_routes(net::Router& router, ApiContext& api);
void add_channel_routes(net::Router& router, ApiContext& api);
void add_authorisation_routes(net::Router& router, ApiContext& api);
void add_completeness_routes(net::Router& router, ApiContext& api);
void add_dkim_routes(net::Router& router, ApiContext& api);
void add_delivery_routes(net::Router& router, ApiContext& api);
void add_quarantine_routes(net::Router& router, ApiContext& api);
void add_ledger_routes(net::Router& router, ApiContext& api);
void add_content_rule_routes(net::Router& router, ApiContext& api);
void add_review_routes(net::Router& router, ApiContext& api);
void add_policy_routes(net::Router& router, ApiContext& api);
void add_oversight_routes(net::Router& router, ApiContext& api);
void add_oversight_queue_routes(net::Router& router, ApiContext& api);
void add_report_pages(net::Router& router, ApiContext& api);
void add_complaint_routes(net::Router& router, ApiContext& api);
void add_report_routes(net::Router& router, ApiContext& api);
void add_application_routes(net::Router& router, ApiContext& api);
void add_export_routes(net::Router& router, ApiContext& api);
void add_finding_routes(net::Router& router, ApiContext& api);
void add_policy_pages(net::Router& router, ApiContext& api);
void add_system_routes(net::Router& router, ApiContext& api);
void add_health_routes(net::Router& router, ApiContext& api);
void add_web_app(net::Router& router, ApiContext& api);

}  // namespace answerable::http
