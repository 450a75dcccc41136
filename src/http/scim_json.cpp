#include "http/scim_json.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/utf8.h"
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

Result<UserId> read_member(const json::value& value) {
  const auto* named = value.is_object() ? find(value.get_object(), "value") : nullptr;
  const auto id =
      named != nullptr && named->is_string() ? UserId::parse(std::string_view(named->get_string())) : std::nullopt;
  if (!id) return invalid("invalidValue", "members is a list of objects whose value is the id of a user.");
  return *id;
}

Result<std::vector<UserId>> read_people(const json::value& value) {
  std::vector<UserId> people;
  if (!value.is_array()) {
    TRY(people.emplace_back(), read_member(value));
    return people;
  }
  for (const auto& one : value.get_array()) {
    TRY(people.emplace_back(), read_member(one));
  }
  return people;
}

// Of a whole group, or of the value of an operation without a path.
Status read_group_members(const json::object& object, access::MembersChange::Kind kind, ScimGroup& group) {
  TRY_STATUS(read_text(object, "displayName", group.name));
  const auto* members = find(object, "members");
  if (members == nullptr || members->is_null()) return {};
  TRY(auto people, read_people(*members));
  group.changes.push_back({.kind = kind, .people = std::move(people)});
  return {};
}

// members[value eq "id"]
std::optional<UserId> member_in(std::string_view path) {
  constexpr std::string_view before = "members[value eq \"", after = "\"]";
  if (path.size() <= before.size() + after.size() || !path.ends_with(after) ||
      !net::equals_ignoring_case(path.substr(0, before.size()), before))
    return std::nullopt;
  return UserId::parse(path.substr(before.size(), path.size() - before.size() - after.size()));
}

Status remove_from_group(const std::string& path, const json::value* value, ScimGroup& group) {
  using Kind = access::MembersChange::Kind;
  if (const auto one = member_in(path)) {
    group.changes.push_back({.kind = Kind::leave, .people = {*one}});
    return {};
  }
  if (!net::equals_ignoring_case(path, "members"))
    return invalid("noTarget", "What is removed from a group is members, or members[value eq \"id\"].");
  if (value == nullptr || value->is_null()) {
    group.changes.push_back({.kind = Kind::replace, .people = {}});
    return {};
  }
  TRY(auto people, read_people(*value));
  group.changes.push_back({.kind = Kind::leave, .people = std::move(people)});
  return {};
}

Status read_group_operation(const json::object& operation, ScimGroup& group) {
  using Kind = access::MembersChange::Kind;
  std::optional<std::string> op, path;
  TRY_STATUS(read_text(operation, "op", op));
  TRY_STATUS(read_text(operation, "path", path));
  const auto is = [&](std::string_view name) { return net::equals_ignoring_case(op.value_or(""), name); };
  const auto* value = find(operation, "value");
  if (is("remove")) return remove_from_group(path.value_or(""), value, group);
  if (!is("add") && !is("replace")) return invalid("invalidSyntax", "op is add, replace or remove.");
  if (value == nullptr) return invalid("invalidValue", "An operation that adds or replaces needs a value.");
  const auto kind = is("add") ? Kind::join : Kind::replace;
  if (path && !path->empty()) return read_group_members(json::object{{*path, *value}}, kind, group);
  if (!value->is_object()) return invalid("invalidValue", "Without a path the value is an object.");
  return read_group_members(value->get_object(), kind, group);
}

template <class F>
Status each_operation(std::string_view body, F&& read) {
  TRY(const auto object, parse(body));
  const auto* operations = find(object, "Operations");
  if (operations == nullptr || !operations->is_array() || operations->get_array().empty() ||
      operations->get_array().size() > scim_operations_max)
    return invalid("invalidSyntax", "Operations is a list of 1 to 100 operations.");
  for (const auto& one : operations->get_array()) {
    if (!one.is_object()) return invalid("invalidSyntax", "An operation is an object.");
    TRY_STATUS(read(one.get_object()));
  }
  return {};
}

// `attribute eq "value"`.
std::optional<std::pair<std::string_view, std::string>> read_equality(std::string_view filter) {
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
    return std::nullopt;
  return std::pair(attribute, std::string(value.get_string()));
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
  ScimUser user;
  TRY_STATUS(each_operation(body, [&](const json::object& one) { return read_operation(one, user); }));
  return user;
}

Result<ScimGroup> read_scim_group(std::string_view body) {
  TRY(const auto object, parse(body));
  ScimGroup group;
  TRY_STATUS(read_group_members(object, access::MembersChange::Kind::replace, group));
  if (!group.name || group.name->empty()) return invalid("invalidValue", "displayName is needed.");
  return group;
}

Result<ScimGroup> read_scim_group_patch(std::string_view body) {
  ScimGroup group;
  TRY_STATUS(each_operation(body, [&](const json::object& one) { return read_group_operation(one, group); }));
  return group;
}

Result<access::ProvisionFilter> read_scim_filter(std::string_view filter) {
  const auto asked = read_equality(filter);
  if (asked && net::equals_ignoring_case(asked->first, "userName"))
    return access::ProvisionFilter{.user_name = asked->second, .external_id = {}};
  if (asked && net::equals_ignoring_case(asked->first, "externalId"))
    return access::ProvisionFilter{.user_name = {}, .external_id = asked->second};
  return invalid("invalidFilter", "Filters are: userName eq \"…\" and externalId eq \"…\".");
}

Result<std::string> read_scim_group_filter(std::string_view filter) {
  const auto asked = read_equality(filter);
  if (asked && net::equals_ignoring_case(asked->first, "displayName")) return asked->second;
  return invalid("invalidFilter", "The filter of groups is: displayName eq \"…\".");
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

}  // namespace answerable::http
