#include "http/user_json.h"

namespace answerable::http {

void write_user(JsonWriter& out, const access::User& user) {
  out.begin_object();
  out.member("id", user.id).member("name", user.name).member("email", user.email);
  out.member("role", to_string(user.role)).id_or_null("role_id", user.composed);
  out.member("state", user.is_active ? "active" : "disabled").member("invited", !user.has_password);
  out.member("second_factor", user.has_second_factor);
  out.member("language", user.language).member("theme", user.theme).member("shortcuts", user.has_shortcuts);
  out.member("must_change_password", user.must_change_password);
  out.member("created_at", user.created_at).member("last_seen_at", user.last_seen_at);
  out.end_object();
}

void write_permissions(JsonWriter& out, const access::Permissions& permissions) {
  out.key("permissions").begin_array();
  const auto rules = access::rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (permissions[i] && access::is_composable(rules[i])) out.text(access::permission_name(rules[i]));
  }
  out.end_array();
}

void write_session(JsonWriter& out, const access::SessionInfo& session, bool is_current) {
  out.begin_object();
  out.member("id", session.id).member("created_at", session.created_at).member("last_seen_at", session.last_seen_at);
  out.member("user_agent", session.user_agent).member("address", session.address).member("current", is_current);
  out.end_object();
}

void write_device(JsonWriter& out, const access::KnownDevice& device, bool is_current) {
  out.begin_object();
  out.member("id", device.id).member("known_since", device.known_since).member("last_used_at", device.last_used_at);
  out.member("user_agent", device.user_agent).member("address", device.address).member("current", is_current);
  out.end_object();
}

void write_api_key(JsonWriter& out, const access::ApiKey& key) {
  out.begin_object();
  out.member("id", key.id).member("name", key.name).member("prefix", key.prefix);
  out.key("scopes").begin_array().text("read");
  if (key.may_write) out.text("write");
  out.end_array();
  out.member("role", to_string(key.role));
  out.member("created_at", key.created_at)
      .member("expires_at", key.expires_at)
      .member("last_used_at", key.last_used_at)
      .member("application", key.application);
  out.id_or_null("role_id", key.composed);
  out.end_object();
}

}  // namespace answerable::http
