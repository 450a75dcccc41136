#include "http/api.h"

#include "http/context.h"
#include "http/live_hub.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/watch.h"

namespace answerable::http {

Status on_the_internet(const net::IpAddress& address) {
  if (address.is_global()) return {};
  return fail(ErrorKind::denied, "fetch_refused", "Nothing is fetched from " + address.text() + ".");
}

ApiContext::ApiContext(const ApiParts& given, ApiConfig settings)
    : parts(given),
      config(std::move(settings)),
      authenticator(parts.database, parts.clock),
      throttle(parts.clock),
      rates(parts.clock, config.rates),
      lanes(config, parts.channels),
      directory(parts.channels, parts.clock),
      standing(parts.database, parts.clock),
      reads(parts.database, parts.clock),
      live(LiveHub::make(*this)),
      watch(std::make_unique<Watch>(*this)),
      images(parts.clock, config.may_fetch_from) {
  authenticator.on_change([this] {
    live->check_credentials();
    // Other nodes look at once; what they do not hear they find within half a second (access/ended.h).
    this->parts.fanout.signal(
        {.workspace = WorkspaceId{}, .kind = "credentials_ended", .conversation = {}, .text = {}});
  });
}

ApiContext::~ApiContext() = default;

Api::Api(const ApiParts& parts, ApiConfig config) : context_(std::make_unique<ApiContext>(parts, std::move(config))) {}

Api::~Api() { stop(); }

void Api::register_routes(net::Router& router) {
  auto& api = *context_;
  router.set_error_answer(server_error_answer);
  add_session_routes(router, api);
  add_device_routes(router, api);
  add_account_routes(router, api);
  add_second_factor_routes(router, api);
  add_passkey_routes(router, api);
  add_single_sign_on_routes(router, api);
  add_scim_routes(router, api);
  add_scim_group_routes(router, api);
  add_scim_token_routes(router, api);
  add_incident_routes(router, api);
  add_user_routes(router, api);
  add_role_routes(router, api);
  add_read_routes(router, api);
  add_workspace_routes(router, api);
  add_api_key_routes(router, api);
  add_conversation_list_routes(router, api);
  add_conversation_routes(router, api);
  add_join_routes(router, api);
  add_message_routes(router, api);
  add_mail_document_routes(router, api);
  add_remote_image_routes(router, api);
  add_contact_routes(router, api);
  add_search_routes(router, api);
  add_export_routes(router, api);
  add_upload_routes(router, api);
  add_attachment_routes(router, api);
  add_events_routes(router, api);
  add_live_routes(router, api);
  add_channel_routes(router, api);
  add_authorisation_routes(router, api);
  add_completeness_routes(router, api);
  add_dkim_routes(router, api);
  add_delivery_routes(router, api);
  add_quarantine_routes(router, api);
  add_ledger_routes(router, api);
  add_content_rule_routes(router, api);
  add_review_routes(router, api);
  add_policy_routes(router, api);
  add_oversight_routes(router, api);
  add_oversight_queue_routes(router, api);
  add_report_pages(router, api);
  add_complaint_routes(router, api);
  add_report_routes(router, api);
  add_application_routes(router, api);
  add_finding_routes(router, api);
  add_policy_pages(router, api);
  add_system_routes(router, api);
  add_health_routes(router, api);
  add_web_app(router, api);
}

void Api::stop() {
  context_->live->stop();
  context_->images.stop();
  context_->reads.stop();
}

Lane Api::lane_of(const net::Request& request) const { return context_->lanes.lane_of(request); }

access::Authenticator& Api::authenticator() { return context_->authenticator; }

}  // namespace answerable::http
