// SCIM 2.0 as JSON (RFC 7643, RFC 7644): users, changes of them, lists, errors and the filters that we take.
// Directories send more than we keep; what is not known is ignored, as RFC 7644 section 3.3 allows, and names are
// compared without case. Bytes of strangers: bounded by the route's body. Pure. Errors: invalid "invalidSyntax",
// "invalidValue", "invalidPath", "invalidFilter" (the scimType of RFC 7644 section 3.12).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/directory_group.h"
#include "access/provision.h"
#include "base/result.h"

namespace answerable::http {

inline constexpr std::string_view scim_media_type = "application/scim+json";
inline constexpr std::size_t scim_operations_max = 100;  // of one PATCH

// What is to be of a user. Absent: as it was, or for a new one what is usual.
struct ScimUser {
  std::optional<std::string> user_name, external_id, display_name, formatted_name, given_name, family_name;
  std::optional<bool> is_active;
};

Result<ScimUser> read_scim_user(std::string_view body);
// All operations of a PATCH, one after the other, as one change. Removing is setting to nothing.
Result<ScimUser> read_scim_patch(std::string_view body);
// What is to be of a group, in this order. Absent: its name stays.
struct ScimGroup {
  std::optional<std::string> name;
  std::vector<access::MembersChange> changes;
};
Result<ScimGroup> read_scim_group(std::string_view body);
Result<ScimGroup> read_scim_group_patch(std::string_view body);
// `displayName eq "x"`: the name.
Result<std::string> read_scim_group_filter(std::string_view filter);
// `userName eq "x"` and `externalId eq "x"`.
Result<access::ProvisionFilter> read_scim_filter(std::string_view filter);

// The name that is shown: what the directory says first of displayName, formatted name, given and family name; else
// what stands before the @.
std::string name_of(const ScimUser& user, const access::Provisioned& known, std::string_view fallback);

std::string scim_user_json(const access::ProvisionedUser& user, std::string_view base_url);
std::string scim_list_json(const access::ProvisionedPage& page, std::int64_t start_index, std::string_view base_url);
// Where `with_members` is false they are left out (?excludedAttributes=members).
std::string scim_group_json(const access::DirectoryGroup& group, bool with_members, std::string_view base_url);
struct ScimGroups {
  std::vector<access::DirectoryGroup> items;  // of this page
  std::int64_t total = 0, start = 1;
};
std::string scim_groups_json(const ScimGroups& page, bool with_members, std::string_view base_url);
std::string scim_error_json(const Error& error, int status);
std::string scim_provider_json(std::string_view base_url);
std::string scim_resource_types_json(std::string_view base_url);
std::string scim_schemas_json(std::string_view base_url);

}  // namespace answerable::http
