// /account: what people do who are not signed in. Open to everybody; a link from a mail says for whom.
#include "access/password_rules.h"
#include "access/reset_password.h"
#include "http/reply.h"
#include "http/routes.h"
#include "http/watch.h"
#include "net/address.h"

namespace answerable::http {
namespace {

constexpr TextLimits email_limits{.bytes_min = 1, .bytes_max = access::mail_address_bytes_max};
constexpr TextLimits token_limits{.bytes_min = 1, .bytes_max = access::link_token_characters};
constexpr TextLimits password_limits{.bytes_min = 1, .bytes_max = access::password_bytes_max};

// The same answer in the same time, whether or not somebody has that address.
Result<net::Response> ask_reset(Call& call) {
  TRY(auto body, read_body(call));
  const auto email = body.need_text("email", email_limits);
  TRY_STATUS(finish_body(call, body));
  call.aimed_at = email;
  call.api.watch->asked_about(call);
  access::ask_for_password_reset(call.api.database(), call.api.config.account_link_key, email);
  return no_content();
}

struct OpenLink {
  access::AccountLink link;
  std::optional<access::Workspace> workspace;
};

Result<OpenLink> open_link(ApiContext& api, std::string_view token) {
  return api.database().query([&](store::Session& session) -> Result<OpenLink> {
    TRY(auto link, access::load_account_link(session, token));
    TRY(auto workspace, access::find_workspace(session, link.user.workspace));
    return OpenLink{std::move(link), std::move(workspace)};
  });
}

Result<net::Response> read_link(Call& call) {
  TRY(auto body, read_body(call));
  const auto token = body.need_text("token", token_limits);
  TRY_STATUS(finish_body(call, body));
  TRY(const auto open, open_link(call.api, token));
  JsonWriter out;
  out.begin_object().member("purpose", access::to_string(open.link.purpose));
  out.member("email", open.link.user.email).member("name", open.link.user.name);
  out.text_or_null("workspace", open.workspace ? open.workspace->name : "");
  out.member("expires_at", open.link.expires_at).end_object();
  return json_response(200, out);
}

Result<net::Response> choose_password(Call& call) {
  TRY(auto body, read_body(call));
  const auto token = body.need_text("token", token_limits);
  const auto password = body.need_text("password", password_limits);
  TRY_STATUS(finish_body(call, body));
  TRY(const auto open, open_link(call.api, token));
  const auto& user = open.link.user;
  if (open.link.purpose == access::LinkPurpose::exposed)
    return fail(ErrorKind::not_found, "link_unknown", "This link is for something else.");
  if (auto rules = access::check_password_rules(
          password, {.mail_address = user.email,
                     .name = user.name,
                     .workspace = open.workspace ? open.workspace->name : std::string_view(),
                     .has_second_factor = user.has_second_factor,
                     .breached = call.api.config.breached_passwords.get()});
      !rules) {
    call.fields.push_back({"password", rules.error().code, rules.error().detail});
    return std::unexpected(rules.error());
  }
  access::LinkedPassword chosen{.needs_second_factor = access::needs_second_factor(password)};
  TRY(chosen.hash, access::hash_password(password, call.api.config.password_cost));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::set_password_by_link(tx, open.link, chosen); }));
  call.api.authenticator.changed();
  return no_content();
}

}  // namespace

void add_account_routes(net::Router& router, ApiContext& api) {
  constexpr auto rate = RateClass::sign_in;
  add_route(router, api,
            {.method = "POST",
             .path = "/account/reset",
             .needs = Needs::nobody(),
             .act = ask_reset,
             .rate = rate,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "POST",
             .path = "/account/link",
             .needs = Needs::nobody(),
             .act = read_link,
             .rate = rate,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "POST",
             .path = "/account/password",
             .needs = Needs::nobody(),
             .act = choose_password,
             .rate = rate,
             .body = BodyKind::json,
             .runs = Runs::hashing});
}

}  // namespace answerable::http
