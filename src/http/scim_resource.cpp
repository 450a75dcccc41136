// /scim/v2: people as a company's directory makes, changes and disables them (RFC 7644). Its own door: the workspace's
// token and nothing else, and SCIM's form of errors. A suspension does not close it, so that whoever has left is out at
// once whatever else is stopped.
#include "access/scim_token.h"

#include <algorithm>
#include <charconv>

#include "http/problem.h"
#include "http/route.h"
#include "http/routes.h"
#include "http/scim_json.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

constexpr std::size_t scim_body_bytes_max = 64UL << 10;
constexpr std::string_view bearer = "Bearer ";
constexpr std::int64_t start_index_max = 1'000'000;

std::string base_url(const Call& call) { return call.api.config.public_url + "/scim/v2"; }

net::Response scim_response(int status, std::string body) {
  net::Response response{.status = status, .body = std::move(body)};
  response.headers.set("Content-Type", scim_media_type);
  return response;
}

Result<net::Response> user_response(Call& call, int status, UserId id) {
  TRY(const auto user, call.api.database().query(
                           [&](store::Session& session) { return access::load_provisioned(session, call.actor, id); }));
  auto response = scim_response(status, scim_user_json(user, base_url(call)));
  response.headers.set("Location", base_url(call) + "/Users/" + id.text());
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

void forget_people(Call& call) {
  call.api.authenticator.changed();
  call.api.directory.forget(call.actor.workspace);
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
  const auto number = [&](std::string_view name, std::int64_t standard) {
    const auto text = call.request.query_parameter(name).value_or("");
    std::int64_t value = standard;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  // RFC 7644 section 3.4.2.4: less than 1 is 1, and a negative count is none.
  const auto start = std::clamp<std::int64_t>(number("startIndex", 1), 1, start_index_max);
  const auto count =
      std::clamp<std::int64_t>(number("count", access::provisioned_page_max), 0, access::provisioned_page_max);
  TRY(const auto page, call.api.database().query([&](store::Session& session) {
    return access::provisioned_users(session, call.actor, filter, start - 1, static_cast<int>(count));
  }));
  return scim_response(200, scim_list_json(page, start, base_url(call)));
}

Result<net::Response> show(Call& call) {
  TRY(const auto user, call.api.database().query([&](store::Session& session) { return load(session, call); }));
  return scim_response(200, scim_user_json(user, base_url(call)));
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
  return scim_response(200, text(base_url(call)));
}

int status_for(const Error& error) {
  // What SCIM calls 400, the rest of the API calls 422.
  return error.kind == ErrorKind::invalid ? 400 : status_of(error);
}

Status admit_directory(Call& call, RateClass rate) {
  const auto header = call.request.header("Authorization").value_or("");
  const bool is_bearer = net::equals_ignoring_case(header.substr(0, bearer.size()), bearer);
  const auto secret = is_bearer ? header.substr(bearer.size()) : std::string_view();
  auto actor =
      call.api.database().query([&](store::Session& session) { return access::actor_of_scim_token(session, secret); });
  const auto address = net::network_key(call.request.peer_address);
  const Asker asker{.actor = actor ? &*actor : nullptr, .address_key = address};
  const auto allowance = call.api.standing.allowance(actor ? actor->workspace : WorkspaceId{});
  const auto verdict = call.api.rates.take(actor ? rate : RateClass::sign_in, asker, *allowance);
  if (!verdict.is_allowed()) {
    call.retry_after_ms = verdict.wait_ms();
    return fail(ErrorKind::limited, "rate_limited", std::string(verdict.refusal));
  }
  if (!actor) return std::unexpected(actor.error());
  call.actor = *std::move(actor);
  call.api.database().submit([by = call.actor](store::Transaction& tx) { return access::note_scim_token_used(tx, by); },
                             [](const Status&) {});
  return {};
}

net::Response answer(ApiContext& api, const net::Request& request, Result<net::Response> (*act)(Call&)) {
  Call call{.api = api, .request = request};
  const auto admitted = admit_directory(call, request.method == "GET" ? RateClass::read : RateClass::write);
  auto outcome = admitted ? act(call) : Result<net::Response>(std::unexpected(admitted.error()));
  auto response = outcome ? *std::move(outcome) : net::Response();
  if (!outcome) {
    const auto status = status_for(outcome.error());
    response = scim_response(status, scim_error_json(outcome.error(), status));
    if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
    if (call.retry_after_ms > 0)
      response.headers.set("Retry-After", std::to_string((call.retry_after_ms + 999) / 1'000));
  }
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace

void add_scim_routes(net::Router& router, ApiContext& api) {
  const auto add = [&](std::string_view method, std::string_view path, Result<net::Response> (*act)(Call&)) {
    router.add(method, "/scim/v2" + std::string(path),
               [&api, act](const net::Request& request) { return answer(api, request, act); },
               {.max_body_bytes = scim_body_bytes_max});
  };
  add("GET", "/Users", list);
  add("POST", "/Users", create);
  add("GET", "/Users/{id}", show);
  add("PUT", "/Users/{id}", replace);
  add("PATCH", "/Users/{id}", patch);
  add("DELETE", "/Users/{id}", remove);
  add("GET", "/ServiceProviderConfig", fixed<scim_provider_json>);
  add("GET", "/ResourceTypes", fixed<scim_resource_types_json>);
  add("GET", "/Schemas", fixed<scim_schemas_json>);
}

}  // namespace answerable::http
