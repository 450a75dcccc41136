#include "http/oidc_json.h"

#include <boost/json.hpp>

#include "access/single_sign_on.h"
#include "base/encoding.h"
#include "base/utf8.h"

namespace answerable::http {
namespace json = boost::json;
namespace {

constexpr std::size_t depth_max = 16;
constexpr std::size_t url_bytes_max = 2'000;
constexpr std::size_t audiences_max = 20;
constexpr std::size_t said_bytes_max = 200;
constexpr std::size_t assurances_max = 20;
constexpr std::size_t session_bytes_max = 255;
constexpr std::string_view logout_event = "http://schemas.openid.net/event/backchannel-logout";

std::unexpected<Error> unreadable() {
  return fail(ErrorKind::unavailable, "provider_unreadable",
              "What the provider of single sign-on says cannot be read. Is the issuer right?");
}

Result<json::object> parse(std::string_view body) {
  if (body.size() > provider_answer_bytes_max || !is_valid_utf8(body)) return unreadable();
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code failed;
  auto value = json::parse(body, failed, {}, options);
  if (failed || !value.is_object()) return unreadable();
  return std::move(value.get_object());
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool is_true(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

// Some write fractions of seconds (RFC 7519 section 2, NumericDate).
std::int64_t seconds_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  if (value->is_double()) {
    constexpr double most = 1e12;
    const auto number = value->get_double();
    return number > 0 && number < most ? static_cast<std::int64_t>(number) : 0;
  }
  boost::system::error_code failed;
  const auto number = value->to_number<std::int64_t>(failed);
  return failed ? 0 : number;
}

bool is_endpoint(std::string_view url) {
  return url.size() <= url_bytes_max && access::is_issuer(url.substr(0, url.find('?')));
}

std::string bytes_of(const json::object& object, std::string_view name) {
  return from_base64url(text_of(object, name)).value_or(std::string());
}

// A key for encryption, or of a kind that we do not take, gives an empty algorithm.
access::ProviderKey read_key(const json::object& object) {
  access::ProviderKey key{
      .id = text_of(object, "kid"), .algorithm = {}, .modulus = {}, .exponent = {}, .x = {}, .y = {}};
  const auto use = text_of(object, "use");
  const auto algorithm = text_of(object, "alg");
  if (!use.empty() && use != "sig") return key;
  const auto kind = text_of(object, "kty");
  if (kind == "RSA" && (algorithm.empty() || algorithm == "RS256")) {
    key.modulus = bytes_of(object, "n");
    key.exponent = bytes_of(object, "e");
    key.algorithm = "RS256";
  } else if (kind == "EC" && text_of(object, "crv") == "P-256" && (algorithm.empty() || algorithm == "ES256")) {
    key.x = bytes_of(object, "x");
    key.y = bytes_of(object, "y");
    key.algorithm = "ES256";
  }
  return key;
}

std::vector<std::string> audience_of(const json::object& claims) {
  const auto* value = claims.if_contains("aud");
  std::vector<std::string> audience;
  if (value == nullptr) return audience;
  if (value->is_string()) audience.emplace_back(value->get_string());
  if (!value->is_array() || value->get_array().size() > audiences_max) return audience;
  for (const auto& one : value->get_array()) {
    if (one.is_string()) audience.emplace_back(one.get_string());
  }
  return audience;
}

std::vector<std::string> assurance_of(const json::object& claims) {
  std::vector<std::string> said;
  if (auto acr = text_of(claims, "acr"); !acr.empty()) said.push_back(std::move(acr));
  const auto* methods = claims.if_contains("amr");
  if (methods == nullptr || !methods->is_array() || methods->get_array().size() > assurances_max) return said;
  for (const auto& one : methods->get_array()) {
    if (one.is_string()) said.emplace_back(one.get_string());
  }
  return said;
}

struct Parts {
  json::object header, claims;
  std::string signed_part, signature;
};

// RFC 7515 section 3.1.
Result<Parts> take_apart(std::string_view text) {
  const auto first = text.find('.');
  const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (text.size() > id_token_bytes_max || second == std::string_view::npos ||
      text.find('.', second + 1) != std::string_view::npos)
    return unreadable();
  const auto header_bytes = from_base64url(text.substr(0, first));
  const auto claim_bytes = from_base64url(text.substr(first + 1, second - first - 1));
  auto signature = from_base64url(text.substr(second + 1));
  if (!header_bytes || !claim_bytes || !signature) return unreadable();
  Parts parts{.header = {}, .claims = {}, .signed_part = std::string(text.substr(0, second)), .signature = *signature};
  TRY(parts.header, parse(*header_bytes));
  if (parts.header.contains("crit")) return unreadable();  // RFC 7515 section 4.1.11: we know of no extension
  TRY(parts.claims, parse(*claim_bytes));
  return parts;
}

IdToken token_of(Parts parts) {
  auto& claims = parts.claims;
  auto session = text_of(claims, "sid");
  if (session.size() > session_bytes_max) session.clear();
  return {.algorithm = text_of(parts.header, "alg"),
          .key_id = text_of(parts.header, "kid"),
          .signed_part = std::move(parts.signed_part),
          .signature = std::move(parts.signature),
          .claims = {.issuer = text_of(claims, "iss"),
                     .subject = text_of(claims, "sub"),
                     .nonce = text_of(claims, "nonce"),
                     .authorized_party = text_of(claims, "azp"),
                     .email = text_of(claims, "email"),
                     .session = std::move(session),
                     .audience = audience_of(claims),
                     .assurance = assurance_of(claims),
                     .expires_s = seconds_of(claims, "exp"),
                     .issued_s = seconds_of(claims, "iat"),
                     .is_email_verified = is_true(claims, "email_verified")}};
}

}  // namespace

Result<ProviderDescription> read_provider(std::string_view body, std::string_view issuer) {
  TRY(const auto object, parse(body));
  ProviderDescription provider{.issuer = text_of(object, "issuer"),
                               .authorization_endpoint = text_of(object, "authorization_endpoint"),
                               .token_endpoint = text_of(object, "token_endpoint"),
                               .keys_url = text_of(object, "jwks_uri"),
                               .tells_issuer = is_true(object, "authorization_response_iss_parameter_supported")};
  if (provider.issuer != issuer || !is_endpoint(provider.authorization_endpoint) ||
      !is_endpoint(provider.token_endpoint) || !is_endpoint(provider.keys_url))
    return unreadable();
  return provider;
}

Result<std::vector<access::ProviderKey>> read_provider_keys(std::string_view body) {
  TRY(const auto object, parse(body));
  const auto* list = object.if_contains("keys");
  if (list == nullptr || !list->is_array() || list->get_array().size() > provider_keys_max) return unreadable();
  std::vector<access::ProviderKey> keys;
  for (const auto& one : list->get_array()) {
    if (!one.is_object()) continue;
    auto key = read_key(one.get_object());
    if (!key.algorithm.empty()) keys.push_back(std::move(key));
  }
  return keys;
}

Result<std::string> read_token_answer(long status, std::string_view body) {
  TRY(const auto object, parse(body));
  const auto said = text_of(object, "error");
  if (status != 200 || !said.empty())
    return fail(ErrorKind::unauthenticated, "sign_in_refused",
                "The provider refuses: " + one_line(said.empty() ? std::to_string(status) : said, said_bytes_max));
  auto token = text_of(object, "id_token");
  if (token.empty() || token.size() > id_token_bytes_max) return unreadable();
  return token;
}

Result<IdToken> read_id_token(std::string_view text) {
  TRY(auto parts, take_apart(text));
  return token_of(std::move(parts));
}

Result<LogoutToken> read_logout_token(std::string_view text) {
  TRY(auto parts, take_apart(text));
  const auto* events = parts.claims.if_contains("events");
  const auto* event =
      events != nullptr && events->is_object() ? events->get_object().if_contains(logout_event) : nullptr;
  access::LogoutClaims claims{.token = {},
                              .id = text_of(parts.claims, "jti"),
                              .is_logout = event != nullptr && event->is_object(),
                              .has_nonce = parts.claims.contains("nonce")};
  LogoutToken token{.signed_token = token_of(std::move(parts)), .claims = std::move(claims)};
  token.claims.token = token.signed_token.claims;
  return token;
}

}  // namespace answerable::http
