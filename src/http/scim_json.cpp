#include "http/scim_json.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/utf8.h"
#include "http/json_writer.h"
#include "net/http.h"

namespace answerable::http {
namespace json = boost::json;
namespace {

constexpr std::size_t depth_max = 16;
constexpr std::size_t text_bytes_max = 1'000;

std::unexpected<Error> invalid(std::string_view type, std::string_view why) {
  return fail(ErrorKind::invalid, type, std::string(why));
}

Result<json::object> parse(std::string_view body) {
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code failed;
  if (!is_valid_utf8(body)) return invalid("invalidSyntax", "The body is one JSON object in UTF-8.");
  auto value = json::parse(body, failed, {}, options);
  if (failed || !value.is_object()) return invalid("invalidSyntax", "The body is one JSON object in UTF-8.");
  return std::move(value.get_object());
}

const json::value* find(const json::object& object, std::string_view name) {
  for (const auto& member : object) {
    if (net::equals_ignoring_case(member.key(), name)) return &member.value();
  }
  return nullptr;
}

// Null and what is absent are nothing; another type is the directory's mistake.
Status read_text(const json::object& object, std::string_view name, std::optional<std::string>& out) {
  const auto* value = find(object, name);
  if (value == nullptr || value->is_null()) return {};
  if (!value->is_string() || value->get_string().size() > text_bytes_max ||
      value->get_string().find('\0') != json::string::npos)
    return invalid("invalidValue", std::string(name) + " is a text of at most 1,000 bytes.");
  out = std::string(value->get_string());
  return {};
}

// Some directories write it as a text.
Result<bool> read_active(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_string() && net::equals_ignoring_case(std::string_view(value.get_string()), "true")) return true;
  if (value.is_string() && net::equals_ignoring_case(std::string_view(value.get_string()), "false")) return false;
  return invalid("invalidValue", "active is true or false.");
}

Status read_members(const json::object& object, ScimUser& user) {
  TRY_STATUS(read_text(object, "userName", user.user_name));
  TRY_STATUS(read_text(object, "externalId", user.external_id));
  TRY_STATUS(read_text(object, "displayName", user.display_name));
  if (const auto* name = find(object, "name"); name != nullptr && name->is_object()) {
    TRY_STATUS(read_text(name->get_object(), "formatted", user.formatted_name));
    TRY_STATUS(read_text(name->get_object(), "givenName", user.given_name));
    TRY_STATUS(read_text(name->get_object(), "familyName", user.family_name));
  }
  if (const auto* active = find(object, "active"); active != nullptr && !active->is_null()) {
    TRY(user.is_active, read_active(*active));
  }
  return {};
}

// A path as an object around the value, so that both forms of an operation are read alike.
json::object at_path(std::string_view path, const json::value& value) {
  constexpr std::string_view schema = "urn:ietf:params:scim:schemas:core:2.0:User:";
  if (path.size() > schema.size() && net::equals_ignoring_case(path.substr(0, schema.size()), schema))
    path.remove_prefix(schema.size());
  const auto dot = path.find('.');
  if (dot == std::string_view::npos) return {{path, value}};
  json::object inner;
  inner.emplace(path.substr(dot + 1), value);
  return {{path.substr(0, dot), std::move(inner)}};
}

bool is_path(std::string_view path) {
  return path.size() <= text_bytes_max && std::ranges::all_of(path, [](char c) { return c > ' ' && c < 0x7F; });
}

Status read_operation(const json::object& operation, ScimUser& user) {
  std::optional<std::string> op, path;
  TRY_STATUS(read_text(operation, "op", op));
  TRY_STATUS(read_text(operation, "path", path));
  const auto is = [&](std::string_view name) { return net::equals_ignoring_case(op.value_or(""), name); };
  const auto* value = find(operation, "value");
  if (is("remove")) {
    if (!path || path->empty()) return invalid("noTarget", "An operation that removes needs a path.");
    return read_members(at_path(*path, ""), user);
  }
  if (!is("add") && !is("replace")) return invalid("invalidSyntax", "op is add, replace or remove.");
  if (value == nullptr) return invalid("invalidValue", "An operation that adds or replaces needs a value.");
  if (path && !path->empty()) {
    // A filter within a path chooses among several values (emails[type eq "work"]); we keep one address: userName.
    if (path->find('[') != std::string::npos) return {};
    if (!is_path(*path)) return invalid("invalidPath", "A path names one attribute, as name.givenName.");
    return read_members(at_path(*path, *value), user);
  }
  if (!value->is_object()) return invalid("invalidValue", "Without a path the value is an object.");
  json::object unfolded;
  for (const auto& member : value->get_object()) {  // some write {"name.givenName": …}
    const auto inner = at_path(member.key(), member.value());
    if (member.key().find('.') == std::string_view::npos || inner.begin()->key() != "name")
      unfolded[member.key()] = member.value();
    else
      TRY_STATUS(read_members(inner, user));
  }
  return read_members(unfolded, user);
}

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

void begin_list(JsonWriter& out, std::int64_t total, std::int64_t start_index, std::size_t count) {
  out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:api:messages:2.0:ListResponse");
  out.end_array().member("totalResults", total).member("startIndex", start_index);
  out.member("itemsPerPage", static_cast<std::int64_t>(count)).key("Resources").begin_array();
}

void write_attribute(JsonWriter& out, std::string_view name, std::string_view type, bool is_required) {
  out.begin_object().member("name", name).member("type", type).member("multiValued", false);
  out.member("required", is_required).member("caseExact", false).member("mutability", "readWrite");
  out.member("returned", "default").member("uniqueness", is_required ? "server" : "none").end_object();
}

}  // namespace

Result<ScimUser> read_scim_user(std::string_view body) {
  TRY(const auto object, parse(body));
  ScimUser user;
  TRY_STATUS(read_members(object, user));
  if (!user.user_name || user.user_name->empty())
    return invalid("invalidValue", "userName is needed: the mail address by which the person signs in.");
  return user;
}

Result<ScimUser> read_scim_patch(std::string_view body) {
  TRY(const auto object, parse(body));
  const auto* operations = find(object, "Operations");
  if (operations == nullptr || !operations->is_array() || operations->get_array().empty() ||
      operations->get_array().size() > scim_operations_max)
    return invalid("invalidSyntax", "Operations is a list of 1 to 100 operations.");
  ScimUser user;
  for (const auto& one : operations->get_array()) {
    if (!one.is_object()) return invalid("invalidSyntax", "An operation is an object.");
    TRY_STATUS(read_operation(one.get_object(), user));
  }
  return user;
}

Result<access::ProvisionFilter> read_scim_filter(std::string_view filter) {
  const auto refuse = [] {
    return invalid("invalidFilter", "Filters are: userName eq \"…\" and externalId eq \"…\".");
  };
  const auto take_word = [&] {
    while (filter.starts_with(' ')) filter.remove_prefix(1);
    const auto word = filter.substr(0, filter.find(' '));
    filter.remove_prefix(word.size());
    return word;
  };
  const auto attribute = take_word();
  const bool is_equal = net::equals_ignoring_case(take_word(), "eq");
  while (filter.starts_with(' ')) filter.remove_prefix(1);
  boost::system::error_code failed;
  const auto value = json::parse(filter, failed);  // a JSON text (RFC 7644 figure 1)
  if (!is_equal || failed || !value.is_string() || !is_valid_utf8(filter) || value.get_string().empty() ||
      value.get_string().size() > text_bytes_max || value.get_string().find('\0') != json::string::npos)
    return refuse();
  std::string text(value.get_string());
  if (net::equals_ignoring_case(attribute, "userName"))
    return access::ProvisionFilter{.user_name = text, .external_id = {}};
  if (net::equals_ignoring_case(attribute, "externalId"))
    return access::ProvisionFilter{.user_name = {}, .external_id = text};
  return refuse();
}

std::string name_of(const ScimUser& user, const access::Provisioned& known, std::string_view fallback) {
  const auto given = user.given_name.value_or(known.given_name);
  const auto family = user.family_name.value_or(known.family_name);
  const bool has_parts = user.given_name || user.family_name;
  auto name = user.display_name.value_or("");
  if (name.empty()) name = user.formatted_name.value_or("");
  if (name.empty() && has_parts) name = given.empty() || family.empty() ? given + family : given + " " + family;
  name = one_line(to_valid_utf8(name), access::person_name_bytes_max);
  return name.empty() ? std::string(fallback) : name;
}

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

std::string scim_error_json(const Error& error, int status) {
  JsonWriter out;
  out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:api:messages:2.0:Error").end_array();
  out.member("status", std::to_string(status));
  constexpr std::string_view known[] = {"invalidSyntax", "invalidValue", "invalidPath", "invalidFilter", "noTarget"};
  if (std::ranges::find(known, error.code) != std::end(known)) out.member("scimType", error.code);
  if (error.code == "email_taken" || error.code == "external_id_taken") out.member("scimType", "uniqueness");
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
  begin_list(out, 1, 1, 1);
  out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:schemas:core:2.0:ResourceType");
  out.end_array().member("id", "User").member("name", "User").member("endpoint", "/Users");
  out.member("schema", "urn:ietf:params:scim:schemas:core:2.0:User").key("meta").begin_object();
  out.member("resourceType", "ResourceType").member("location", std::string(base_url) + "/ResourceTypes/User");
  out.end_object().end_object().end_array().end_object();
  return out.take();
}

std::string scim_schemas_json(std::string_view base_url) {
  JsonWriter out;
  begin_list(out, 1, 1, 1);
  constexpr std::string_view id = "urn:ietf:params:scim:schemas:core:2.0:User";
  out.begin_object().key("schemas").begin_array().text("urn:ietf:params:scim:schemas:core:2.0:Schema").end_array();
  out.member("id", id).member("name", "User").key("attributes").begin_array();
  write_attribute(out, "userName", "string", true);
  write_attribute(out, "externalId", "string", false);
  write_attribute(out, "displayName", "string", false);
  write_attribute(out, "active", "boolean", false);
  out.end_array().key("meta").begin_object().member("resourceType", "Schema");
  out.member("location", std::string(base_url) + "/Schemas/" + std::string(id)).end_object().end_object();
  out.end_array().end_object();
  return out.take();
}

}  // namespace answerable::http
