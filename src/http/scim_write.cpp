// What the server says to a directory: scim_json.h.
#include <algorithm>

#include "http/json_writer.h"
#include "http/scim_json.h"

namespace answerable::http {
namespace {

void write_user(JsonWriter& out, const access::ProvisionedUser& user, std::string_view base_url) {
  const auto id = user.user.id.text();
  out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:schemas:core:2.0:User").end_array();
  out.member("id", id).member("userName", user.user.email).member("displayName", user.user.name);
  if (!user.more.external_id.empty()) out.member("externalId", user.more.external_id);
  out.key("name").begin_object().member("formatted", user.user.name);
  if (!user.more.given_name.empty()) out.member("givenName", user.more.given_name);
  if (!user.more.family_name.empty()) out.member("familyName", user.more.family_name);
  out.end_object().member("active", user.user.is_active);
  out.key("emails").begin_array().begin_object().member("value", user.user.email).member("type", "work");
  out.member("primary", true).end_object().end_array();
  out.key("roles").begin_array().begin_object().member("value", to_string(user.user.role)).end_object().end_array();
  out.key("meta").begin_object().member("resourceType", "User").member("created", user.user.created_at);
  out.member("location", std::string(base_url) + "/Users/" + id).end_object().end_object();
}

void write_group(JsonWriter& out, const access::DirectoryGroup& group, bool with_members, std::string_view base_url) {
  out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:schemas:core:2.0:Group").end_array();
  out.member("id", group.id).member("displayName", group.name);
  if (with_members) {
    out.key("members").begin_array();
    for (const auto& member : group.members) {
      const auto id = member.id.text();
      out.begin_object().member("value", id).member("display", member.name).member("type", "User");
      out.member("$ref", std::string(base_url) + "/Users/" + id).end_object();
    }
    out.end_array();
  }
  out.key("meta").begin_object().member("resourceType", "Group");
  out.member("location", std::string(base_url) + "/Groups/" + group.id).end_object().end_object();
}

void begin_list(JsonWriter& out, std::int64_t total, std::int64_t start_index, std::size_t count) {
  out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:api:messages:2.0:ListResponse");
  out.end_array().member("totalResults", total).member("startIndex", start_index);
  out.member("itemsPerPage", static_cast<std::int64_t>(count)).key("Resources").begin_array();
}

void write_attribute(JsonWriter& out, std::string_view name, std::string_view type, bool is_required) {
  out.begin_object().member("name", name).member("type", type).member("multiValued", type == "complex");
  out.member("required", is_required).member("caseExact", false).member("mutability", "readWrite");
  out.member("returned", "default").member("uniqueness", is_required ? "server" : "none").end_object();
}

}  // namespace

std::string scim_user_json(const access::ProvisionedUser& user, std::string_view base_url) {
  JsonWriter out;
  write_user(out, user, base_url);
  return out.take();
}

std::string scim_list_json(const access::ProvisionedPage& page, std::int64_t start_index, std::string_view base_url) {
  JsonWriter out;
  begin_list(out, page.total, start_index, page.items.size());
  for (const auto& user : page.items) write_user(out, user, base_url);
  out.end_array().end_object();
  return out.take();
}

std::string scim_group_json(const access::DirectoryGroup& group, bool with_members, std::string_view base_url) {
  JsonWriter out;
  write_group(out, group, with_members, base_url);
  return out.take();
}

std::string scim_groups_json(const ScimGroups& page, bool with_members, std::string_view base_url) {
  JsonWriter out;
  begin_list(out, page.total, page.start, page.items.size());
  for (const auto& group : page.items) write_group(out, group, with_members, base_url);
  out.end_array().end_object();
  return out.take();
}

std::string scim_error_json(const Error& error, int status) {
  JsonWriter out;
  out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:api:messages:2.0:Error").end_array();
  out.member("status", std::to_string(status));
  constexpr std::string_view known[] = {"invalidSyntax", "invalidValue", "invalidPath", "invalidFilter", "noTarget"};
  if (std::ranges::find(known, error.code) != std::end(known)) out.member("scimType", error.code);
  constexpr std::string_view taken[] = {"email_taken", "email_unavailable", "external_id_taken", "name_taken"};
  if (std::ranges::find(taken, error.code) != std::end(taken)) out.member("scimType", "uniqueness");
  out.member("detail", error.detail).end_object();
  return out.take();
}

std::string scim_provider_json(std::string_view base_url) {
  JsonWriter out;
  const auto supports = [&](std::string_view name, bool is_supported) {
    out.key(name).begin_object().member("supported", is_supported).end_object();
  };
  out.begin_object().key("schemas").begin_array();
  out.text("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig").end_array();
  supports("patch", true);
  out.key("bulk").begin_object().member("supported", false).member("maxOperations", 0).member("maxPayloadSize", 0);
  out.end_object().key("filter").begin_object().member("supported", true);
  out.member("maxResults", access::provisioned_page_max).end_object();
  supports("changePassword", false);
  supports("sort", false);
  supports("etag", false);
  out.key("authenticationSchemes").begin_array().begin_object().member("type", "oauthbearertoken");
  out.member("name", "Bearer token").member("description", "The workspace's token, as Authorization: Bearer scim_…");
  out.end_object().end_array().key("meta").begin_object().member("resourceType", "ServiceProviderConfig");
  out.member("location", std::string(base_url) + "/ServiceProviderConfig").end_object().end_object();
  return out.take();
}

std::string scim_resource_types_json(std::string_view base_url) {
  JsonWriter out;
  begin_list(out, 2, 1, 2);
  for (const std::string name : {"User", "Group"}) {
    out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:schemas:core:2.0:ResourceType");
    out.end_array().member("id", name).member("name", name).member("endpoint", "/" + name + "s");
    out.member("schema", "urn:ietf:params:scim:schemas:core:2.0:" + name).key("meta").begin_object();
    out.member("resourceType", "ResourceType").member("location", std::string(base_url) + "/ResourceTypes/" + name);
    out.end_object().end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string scim_schemas_json(std::string_view base_url) {
  JsonWriter out;
  begin_list(out, 2, 1, 2);
  for (const std::string name : {"User", "Group"}) {
    const auto id = "urn:ietf:params:scim:schemas:core:2.0:" + name;
    out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:schemas:core:2.0:Schema").end_array();
    out.member("id", id).member("name", name).key("attributes").begin_array();
    if (name == "User") {
      write_attribute(out, "userName", "string", true);
      write_attribute(out, "externalId", "string", false);
      write_attribute(out, "active", "boolean", false);
    } else {
      write_attribute(out, "members", "complex", false);
    }
    write_attribute(out, "displayName", "string", name == "Group");
    out.end_array().key("meta").begin_object().member("resourceType", "Schema");
    out.member("location", std::string(base_url) + "/Schemas/" + id).end_object().end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace answerable::http
