// /single-sign-on, /session/sso: coming in by an OpenID provider (authorization code, PKCE), and its settings. Nothing
// is stored while the browser is away: the state that it carries is a challenge of ours (access/challenge.h), kept in a
// cookie beside, and nonce and verifier are derived from it by a key that nobody else has.
#include "access/single_sign_on.h"

#include "access/challenge.h"
#include "access/enter.h"
#include "base/encoding.h"
#include "http/cookies.h"
#include "http/identity_provider.h"
#include "http/provider_logout.h"
#include "http/reply.h"
#include "http/routes.h"
#include "http/signed_in.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

constexpr std::string_view callback_path = "/sso/callback";  // a page of ours
constexpr TextLimits email_limits{.bytes_min = 3, .bytes_max = access::mail_address_bytes_max};
constexpr TextLimits issuer_limits{.bytes_min = 1, .bytes_max = access::issuer_bytes_max};
constexpr TextLimits client_id_limits{.bytes_min = 1, .bytes_max = access::client_id_bytes_max};
constexpr TextLimits secret_limits{.bytes_min = 0, .bytes_max = access::client_secret_bytes_max};
constexpr TextLimits domain_limits{.bytes_min = 1, .bytes_max = access::sign_on_domain_bytes_max};
constexpr TextLimits acr_limits{.bytes_min = 1, .bytes_max = access::assurance_bytes_max};
constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};
constexpr TextLimits code_limits{.bytes_min = 1, .bytes_max = 4'096};
constexpr TextLimits state_limits{.bytes_min = 1, .bytes_max = 200};

using Providers = std::shared_ptr<IdentityProviders>;

std::string redirect_url(const Call& call) { return call.api.config.public_url + std::string(callback_path); }
std::string purpose_of(WorkspaceId workspace) { return "single sign-on " + workspace.text(); }

// 43 characters: enough for a verifier (RFC 7636 section 4.1), and nobody guesses a nonce of it.
std::string derived(const Call& call, std::string_view what, std::string_view state) {
  const auto sum = hmac_sha256(call.api.config.second_factor_key, std::string(what).append("\n").append(state));
  return to_base64url(as_bytes(sum));
}
std::string nonce_of(const Call& call, std::string_view state) { return derived(call, "sso nonce", state); }
std::string verifier_of(const Call& call, std::string_view state) { return derived(call, "sso verifier", state); }

void add(std::string& text, std::string_view name, std::string_view value) {
  if (!text.empty() && !text.ends_with('?') && !text.ends_with('&')) text.push_back('&');
  text.append(name).append("=").append(net::percent_encode(value));
}

std::string way_there(const Call& call, const ProviderDescription& provider, const access::SingleSignOn& settings,
                      const std::string& state, std::string_view email) {
  auto url = provider.authorization_endpoint;
  url.push_back(url.find('?') == std::string::npos ? '?' : '&');
  add(url, "response_type", "code");
  add(url, "client_id", settings.client_id);
  add(url, "redirect_uri", redirect_url(call));
  add(url, "scope", "openid email profile");
  add(url, "state", state);
  add(url, "nonce", nonce_of(call, state));
  const auto challenge = sha256(verifier_of(call, state));
  add(url, "code_challenge", to_base64url(as_bytes(challenge)));
  add(url, "code_challenge_method", "S256");
  add(url, "login_hint", email);
  std::string wanted;
  for (const auto& one : settings.assurance) wanted.append(wanted.empty() ? "" : " ").append(one);
  if (!wanted.empty()) add(url, "acr_values", wanted);
  return url;
}

std::unexpected<Error> nobody_offers() {
  return fail(ErrorKind::not_found, "sign_on_unknown", "No company here signs in this way with such an address.");
}

Result<net::Response> begin(Call& call, const Providers& providers) {
  TRY(auto body, read_body(call));
  const auto email = body.need_text("email", email_limits);
  TRY_STATUS(finish_body(call, body));
  TRY(const auto settings,
      call.api.database().query([&](store::Session& session) { return access::single_sign_on_of(session, email); }));
  if (!settings) return nobody_offers();
  TRY(const auto provider, providers->description(settings->issuer));
  const auto now = call.api.parts.clock.now();
  const auto state = settings->workspace.text() + "." +
                     access::make_challenge(call.api.config.second_factor_key, purpose_of(settings->workspace), now);
  JsonWriter out;
  out.begin_object().member("url", way_there(call, provider, *settings, state, email)).end_object();
  auto response = json_response(200, out);
  set_sign_on_cookie(response, state, call.api.config);
  return response;
}

std::unexpected<Error> not_begun_here() {
  return fail(ErrorKind::unauthenticated, "sign_on_not_begun",
              "This sign-in was not begun in this browser, or took too long. Begin again.");
}

struct BroughtBack {
  std::string state, code, issuer;
};

// The state is of this browser, of now, and was not used; and nobody else's provider has answered (RFC 9207).
Result<access::SingleSignOn> settings_of(const Call& call, const BroughtBack& brought) {
  const auto dot = brought.state.find('.');
  const auto workspace = WorkspaceId::parse(std::string_view(brought.state).substr(0, dot));
  if (!workspace || dot == std::string::npos ||
      !equal_in_constant_time(sign_on_state(call.request, call.api.config), brought.state))
    return not_begun_here();
  if (!access::check_challenge(call.api.config.second_factor_key, purpose_of(*workspace),
                               std::string_view(brought.state).substr(dot + 1), call.api.parts.clock.now()))
    return not_begun_here();
  TRY(auto settings, call.api.database().query(
                         [&](store::Session& session) { return access::find_single_sign_on(session, *workspace); }));
  if (!settings || !settings->is_on) return nobody_offers();
  return *std::move(settings);
}

Result<access::IdTokenClaims> claims_of(Call& call, IdentityProviders& providers, const access::SingleSignOn& settings,
                                        const BroughtBack& brought) {
  TRY(const auto provider, providers.description(settings.issuer));
  const bool is_another = brought.issuer.empty() ? provider.tells_issuer : brought.issuer != settings.issuer;
  if (is_another)
    return fail(ErrorKind::unauthenticated, "sign_in_refused", "The answer comes from another provider than yours.");
  TRY(const auto secret, call.api.database().query([&](store::Session& session) {
    return access::load_client_secret(session, call.api.config.second_factor_key, settings.workspace);
  }));
  std::string form;
  add(form, "grant_type", "authorization_code");
  add(form, "code", brought.code);
  add(form, "redirect_uri", redirect_url(call));
  add(form, "code_verifier", verifier_of(call, brought.state));
  add(form, "client_id", settings.client_id);
  if (!secret.empty()) add(form, "client_secret", secret);
  TRY(const auto text, providers.redeem(provider, form));
  TRY(auto token, read_id_token(text));
  TRY_STATUS(providers.check_signature(provider, token));
  const auto nonce = nonce_of(call, brought.state);
  TRY_STATUS(access::judge_id_token(token.claims, {.issuer = settings.issuer,
                                                   .client_id = settings.client_id,
                                                   .nonce = nonce,
                                                   .now = call.api.parts.clock.now(),
                                                   .assurance = settings.assurance}));
  return std::move(token.claims);
}

Result<net::Response> come_back(Call& call, const Providers& providers) {
  TRY(auto body, read_body(call));
  const BroughtBack brought{.state = body.need_text("state", state_limits),
                            .code = body.need_text("code", code_limits),
                            .issuer = body.text("iss", issuer_limits).value_or("")};
  TRY_STATUS(finish_body(call, body));
  TRY(const auto settings, settings_of(call, brought));
  TRY(const auto claims, claims_of(call, *providers, settings, brought));
  const auto browser = request_of_browser(call);
  TRY(const auto signed_in, call.api.database().write([&](store::Transaction& tx) -> Result<access::SignedIn> {
    const auto spent = access::spend_challenge(tx, std::string_view(brought.state).substr(brought.state.find('.') + 1));
    if (!spent) return not_begun_here();
    TRY(const auto user, access::person_of_token(tx, settings, claims));
    return access::enter(tx, user,
                         {.device_token = browser.device_token,
                          .user_agent = browser.user_agent,
                          .address = browser.address,
                          .replaces_token = browser.replaces_token,
                          .by = access::by_single_sign_on,
                          .provider = {.issuer = claims.issuer, .subject = claims.subject, .id = claims.session}});
  }));
  TRY(auto response, signed_in_response(call, signed_in));
  clear_sign_on_cookie(response, call.api.config);
  return response;
}

Result<net::Response> settings_response(const Call& call, const std::optional<access::SingleSignOn>& settings) {
  JsonWriter out;
  out.begin_object().member("redirect_url", redirect_url(call));
  out.member("logout_url", call.api.config.public_url + std::string(provider_logout_path));
  const auto& shown = settings.value_or(access::SingleSignOn{});
  out.member("issuer", shown.issuer).member("client_id", shown.client_id).member("has_secret", shown.has_secret);
  out.key("domains").begin_array();
  for (const auto& domain : shown.domains) out.text(domain);
  out.end_array().key("acr_values").begin_array();
  for (const auto& one : shown.assurance) out.text(one);
  out.end_array().member("on", shown.is_on).member("enforced", shown.is_enforced);
  out.id_or_null("break_glass_user_id", shown.break_glass).end_object();
  return json_response(200, out);
}

Result<net::Response> show(Call& call) {
  TRY(const auto settings, call.api.database().query([&](store::Session& session) {
    return access::my_single_sign_on(session, call.actor);
  }));
  return settings_response(call, settings);
}

Result<net::Response> change(Call& call, const Providers& providers) {
  TRY(auto body, read_body(call));
  access::SingleSignOnChange wanted{
      .issuer = body.need_text("issuer", issuer_limits),
      .client_id = body.need_text("client_id", client_id_limits),
      .client_secret = body.text("client_secret", secret_limits),
      .domains = body.texts("domains", domain_limits, access::sign_on_domains_max).value_or(std::vector<std::string>()),
      .is_on = body.flag("on").value_or(false),
      .is_enforced = body.flag("enforced").value_or(false),
      .break_glass = {},
      .assurance = body.texts("acr_values", acr_limits, access::assurances_max).value_or(std::vector<std::string>())};
  if (const auto id = body.text("break_glass_user_id", id_limits)) {
    wanted.break_glass = UserId::parse(*id).value_or(UserId{});
    if (wanted.break_glass.is_nil()) body.refuse("break_glass_user_id", "not_allowed", "An id has the form of a UUID.");
  }
  if (!access::is_issuer(wanted.issuer))
    body.refuse("issuer", "not_allowed", "The issuer is an https address as its provider writes it.");
  TRY_STATUS(finish_body(call, body));
  if (wanted.is_on) {  // a mistake shows here, not to everybody at the door
    if (auto provider = providers->description(wanted.issuer); !provider) {
      call.fields.push_back({"issuer", provider.error().code, provider.error().detail});
      return fail(ErrorKind::invalid, provider.error().code, provider.error().detail);
    }
  }
  TRY(const auto settings, call.api.database().write([&](store::Transaction& tx) -> Result<access::SingleSignOn> {
    if (wanted.is_on) TRY_STATUS(policy::judge_feature(tx, call.actor.workspace, "single_sign_on"));
    return access::set_single_sign_on(tx, call.api.config.second_factor_key, call.actor, wanted);
  }));
  return settings_response(call, settings);
}

}  // namespace

void add_single_sign_on_routes(net::Router& router, ApiContext& api) {
  const auto providers = std::make_shared<IdentityProviders>(api.parts.clock, api.config.may_ask_provider);
  add_provider_logout_route(router, api, providers);
  const auto bound = [providers](Result<net::Response> (*act)(Call&, const Providers&)) -> Act {
    return [providers, act](Call& call) { return act(call, providers); };
  };
  add_route(router, api,
            {.method = "POST",
             .path = "/session/sso",
             .needs = Needs::nobody(),
             .act = bound(begin),
             .rate = RateClass::sign_in,
             .body = BodyKind::json,
             .runs = Runs::fetching});
  add_route(router, api,
            {.method = "POST",
             .path = "/session/sso/callback",
             .needs = Needs::nobody(),
             .act = bound(come_back),
             .rate = RateClass::sign_in,
             .body = BodyKind::json,
             .runs = Runs::fetching});
  add_route(router, api,
            {.method = "GET", .path = "/single-sign-on", .needs = {"single_sign_on", "read"}, .act = show});
  add_route(router, api,
            {.method = "PUT",
             .path = "/single-sign-on",
             .needs = {"single_sign_on", "update"},
             .act = bound(change),
             .rate = RateClass::write,
             .body = BodyKind::json,
             .runs = Runs::fetching});
}

}  // namespace answerable::http
