// /scim/v2/Users: people as a company's directory makes, changes and disables them (RFC 7644); and what it can do here.
#include "http/routes.h"
#include "http/scim_door.h"
#include "http/scim_json.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

Result<net::Response> user_response(Call& call, int status, UserId id) {
  TRY(const auto user, call.api.database().query(
                           [&](store::Session& session) { return access::load_provisioned(session, call.actor, id); }));
  auto response = scim_response(status, scim_user_json(user, scim_base_url(call)));
  response.headers.set("Location", scim_base_url(call) + "/Users/" + id.text());
  return response;
}

std::unexpected<Error> no_such_user() { return fail(ErrorKind::not_found, "user_unknown", "There is no such person."); }

// Hidden ones are not there: they were deleted as far as the directory knows.
Result<access::ProvisionedUser> load(store::Session& session, const Call& call) {
  const auto id = UserId::parse(call.request.path_parameter("id"));
  if (!id) return no_such_user();
  TRY(auto user, access::load_provisioned(session, call.actor, *id));
  if (user.more.is_hidden) return no_such_user();
  return user;
}

// One act of the directory on one person, in one transaction: account, address, name, whether they may come in.
Status apply(store::Transaction& tx, const access::Actor& actor, const access::ProvisionedUser& before,
             const ScimUser& wanted) {
  const auto id = before.user.id;
  if (wanted.user_name && access::email_key(*wanted.user_name) != access::email_key(before.user.email))
    TRY_STATUS(access::change_address(tx, actor, id, *wanted.user_name));
  const auto name = name_of(wanted, before.more, before.user.name);
  access::UserChange change;
  if (name != before.user.name) change.name = name;
  if (wanted.is_active && *wanted.is_active != before.user.is_active) change.is_active = wanted.is_active;
  if (change.name || change.is_active) TRY_STATUS(policy::change_person(tx, actor, id, change));
  return access::store_provisioned(tx, actor, id,
                                   {.external_id = wanted.external_id.value_or(before.more.external_id),
                                    .given_name = wanted.given_name.value_or(before.more.given_name),
                                    .family_name = wanted.family_name.value_or(before.more.family_name),
                                    .is_hidden = false});
}

Result<net::Response> list(Call& call) {
  access::ProvisionFilter filter;
  if (const auto text = call.request.query_parameter("filter"); text && !text->empty()) {
    TRY(filter, read_scim_filter(*text));
  }
  const auto wanted = scim_page(call);
  TRY(const auto page, call.api.database().query([&](store::Session& session) {
    return access::provisioned_users(session, call.actor, filter, wanted.start - 1, static_cast<int>(wanted.count));
  }));
  return scim_response(200, scim_list_json(page, wanted.start, scim_base_url(call)));
}

Result<net::Response> show(Call& call) {
  TRY(const auto user, call.api.database().query([&](store::Session& session) { return load(session, call); }));
  return scim_response(200, scim_user_json(user, scim_base_url(call)));
}

// Who was deleted before comes back with all that they have done; anybody else with that address is a conflict.
Result<UserId> create_in(store::Transaction& tx, const access::Actor& actor, const ScimUser& wanted) {
  TRY(const auto known, access::find_user_by_email(tx, *wanted.user_name));
  if (known && known->workspace == actor.workspace) {
    TRY(const auto before, access::load_provisioned(tx, actor, known->id));
    if (before.more.is_hidden) {
      auto again = wanted;
      again.is_active = wanted.is_active.value_or(true);
      TRY_STATUS(apply(tx, actor, before, again));
      return known->id;
    }
  }
  const auto local_part = wanted.user_name->substr(0, wanted.user_name->find('@'));
  TRY(const auto user, policy::add_person(tx, actor,
                                          {.workspace = actor.workspace,
                                           .name = name_of(wanted, {}, local_part),
                                           .email = *wanted.user_name,
                                           .password_hash = {},
                                           .must_change_password = false}));
  TRY_STATUS(apply(tx, actor, {.user = user, .more = {}}, wanted));
  return user.id;
}

Result<net::Response> create(Call& call) {
  TRY(const auto wanted, read_scim_user(call.request.body));
  TRY(const auto id,
      call.api.database().write([&](store::Transaction& tx) { return create_in(tx, call.actor, wanted); }));
  forget_people(call);
  return user_response(call, 201, id);
}

Result<net::Response> change(Call& call, const ScimUser& wanted) {
  TRY(const auto id, call.api.database().write([&](store::Transaction& tx) -> Result<UserId> {
    TRY(const auto before, load(tx, call));
    TRY_STATUS(apply(tx, call.actor, before, wanted));
    return before.user.id;
  }));
  forget_people(call);
  return user_response(call, 200, id);
}

// What a replacement does not name is nothing (RFC 7644 section 3.5.1), but for the name and whether one may come in.
Result<net::Response> replace(Call& call) {
  TRY(auto wanted, read_scim_user(call.request.body));
  wanted.external_id = wanted.external_id.value_or("");
  wanted.given_name = wanted.given_name.value_or("");
  wanted.family_name = wanted.family_name.value_or("");
  return change(call, wanted);
}

Result<net::Response> patch(Call& call) {
  TRY(const auto wanted, read_scim_patch(call.request.body));
  return change(call, wanted);
}

Result<net::Response> remove(Call& call) {
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) -> Status {
    TRY(auto before, load(tx, call));
    TRY_STATUS(apply(tx, call.actor, before, {.is_active = false}));
    before.more.is_hidden = true;
    return access::store_provisioned(tx, call.actor, before.user.id, before.more);
  }));
  forget_people(call);
  return net::Response{.status = 204};
}

using Text = std::string (*)(std::string_view base_url);
template <Text text>
Result<net::Response> fixed(Call& call) {
  return scim_response(200, text(scim_base_url(call)));
}

}  // namespace

void add_scim_routes(net::Router& router, ApiContext& api) {
  const ScimResource acts{list, create, show, replace, patch, remove};
  add_scim_resource(router, api, "/Users", acts);
  add_scim_route(router, api, "GET", "/ServiceProviderConfig", fixed<scim_provider_json>);
  add_scim_route(router, api, "GET", "/ResourceTypes", fixed<scim_resource_types_json>);
  add_scim_route(router, api, "GET", "/Schemas", fixed<scim_schemas_json>);
}

}  // namespace answerable::http
