// /scim/v2/Groups: which role people have, as a company's directory says (RFC 7643 section 4.2):
// access/directory_group.h.
#include <algorithm>

#include "http/routes.h"
#include "http/scim_door.h"
#include "http/scim_json.h"

namespace answerable::http {
namespace {

bool with_members(const Call& call) {
  return call.request.query_parameter("excludedAttributes").value_or("") != "members";
}

Result<access::DirectoryGroup> load(store::Session& session, const Call& call) {
  return access::load_directory_group(session, call.actor, call.request.path_parameter("id"));
}

net::Response group_response(const Call& call, int status, const access::DirectoryGroup& group) {
  auto response = scim_response(status, scim_group_json(group, with_members(call), scim_base_url(call)));
  response.headers.set("Location", scim_base_url(call) + "/Groups/" + group.id);
  return response;
}

Result<net::Response> list(Call& call) {
  std::optional<std::string> name;
  if (const auto text = call.request.query_parameter("filter"); text && !text->empty()) {
    TRY(name, read_scim_group_filter(*text));
  }
  const auto wanted = scim_page(call);
  TRY(const auto page, call.api.database().query([&](store::Session& session) -> Result<ScimGroups> {
    TRY(auto all, access::directory_groups(session, call.actor));
    std::erase_if(all, [&](const auto& group) { return name && !net::equals_ignoring_case(group.name, *name); });
    ScimGroups found{.items = {}, .total = static_cast<std::int64_t>(all.size()), .start = wanted.start};
    for (auto i = wanted.start - 1; i < std::min(found.total, wanted.start - 1 + wanted.count); ++i) {
      auto& group = found.items.emplace_back(std::move(all[static_cast<std::size_t>(i)]));
      if (with_members(call)) TRY_STATUS(access::load_members(session, call.actor, group));
    }
    return found;
  }));
  return scim_response(200, scim_groups_json(page, with_members(call), scim_base_url(call)));
}

Result<net::Response> show(Call& call) {
  TRY(const auto group, call.api.database().query([&](store::Session& session) { return load(session, call); }));
  return group_response(call, 200, group);
}

// One act of the directory on one group, in one transaction.
Result<access::DirectoryGroup> apply(store::Transaction& tx, const Call& call, const access::DirectoryGroup& group,
                                     const ScimGroup& wanted) {
  if (wanted.name) TRY_STATUS(access::rename_directory_group(tx, call.actor, group, *wanted.name));
  for (const auto& change : wanted.changes) TRY_STATUS(access::change_members(tx, call.actor, group, change));
  return access::load_directory_group(tx, call.actor, group.id);
}

Result<net::Response> create(Call& call) {
  TRY(const auto wanted, read_scim_group(call.request.body));
  TRY(const auto group, call.api.database().write([&](store::Transaction& tx) -> Result<access::DirectoryGroup> {
    TRY(const auto made, access::create_directory_group(tx, call.actor, *wanted.name));
    return apply(tx, call, made, wanted);
  }));
  forget_people(call);
  return group_response(call, 201, group);
}

Result<net::Response> change(Call& call, const ScimGroup& wanted) {
  TRY(const auto group, call.api.database().write([&](store::Transaction& tx) -> Result<access::DirectoryGroup> {
    TRY(const auto before, load(tx, call));
    return apply(tx, call, before, wanted);
  }));
  forget_people(call);
  return group_response(call, 200, group);
}

Result<net::Response> replace(Call& call) {
  TRY(const auto wanted, read_scim_group(call.request.body));
  return change(call, wanted);
}

Result<net::Response> patch(Call& call) {
  TRY(const auto wanted, read_scim_group_patch(call.request.body));
  return change(call, wanted);
}

Result<net::Response> remove(Call& call) {
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) -> Status {
    TRY(const auto group, load(tx, call));
    return access::delete_directory_group(tx, call.actor, group);
  }));
  forget_people(call);
  return net::Response{.status = 204};
}

}  // namespace

void add_scim_group_routes(net::Router& router, ApiContext& api) {
  const ScimResource acts{list, create, show, replace, patch, remove};
  add_scim_resource(router, api, "/Groups", acts);
}

}  // namespace answerable::http
