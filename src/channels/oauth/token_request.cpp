#include "channels/oauth/token_request.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "net/http.h"

namespace answerable::channels {

namespace json = boost::json;

namespace {

// RFC 6749 section 5.2, and what OpenID providers add for "ask the person again".
constexpr std::array<std::string_view, 6> final_errors{"invalid_grant",       "invalid_client",
                                                       "unauthorized_client", "interaction_required",
                                                       "consent_required",    "login_required"};

void add(std::string& form, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!form.empty()) form += '&';
  form.append(name) += '=';
  form += net::percent_encode(value);
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::unexpected<Error> unavailable(std::string_view what) {
  return fail(ErrorKind::unavailable, "oauth_unavailable", std::string(what));
}

// A token is put into lines of protocols: nothing but printable ASCII (RFC 6749 appendix A.12).
bool is_token(std::string_view text) {
  return text.size() <= token_bytes_max && std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

std::int64_t lifetime_of(const json::object& object) {
  const auto* value = object.if_contains("expires_in");
  if (value == nullptr) return unknown_lifetime_ms;
  boost::system::error_code failed;
  auto seconds = value->to_number<std::int64_t>(failed);
  if (failed && value->is_string()) {  // some write it so
    const auto& text = value->get_string();
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    failed.clear();
    if (read.ec != std::errc()) seconds = 0;
  }
  if (failed || seconds <= 0) return unknown_lifetime_ms;
  return std::min(seconds, lifetime_ms_max / 1'000) * 1'000;
}

}  // namespace

std::string refresh_form(const OAuthClient& client, std::string_view client_secret, std::string_view refresh_token) {
  std::string form;
  add(form, "grant_type", "refresh_token");
  add(form, "refresh_token", refresh_token);
  add(form, "client_id", client.client_id);
  add(form, "client_secret", client_secret);
  return form;
}

std::string code_form(const OAuthClient& client, std::string_view client_secret, const AuthorisationCode& code) {
  std::string form;
  add(form, "grant_type", "authorization_code");
  add(form, "code", code.code);
  add(form, "redirect_uri", code.redirect_url);
  add(form, "code_verifier", code.verifier);
  add(form, "client_id", client.client_id);
  add(form, "client_secret", client_secret);
  return form;
}

Result<Tokens> read_token_answer(long status, std::string_view body) {
  boost::system::error_code failed;
  const auto parsed = json::parse(body, failed);
  if (failed || !parsed.is_object())
    return unavailable("The provider's token endpoint answered " + std::to_string(status) + " and no JSON.");
  const auto& object = parsed.get_object();
  if (const auto error = text_of(object, "error"); !error.empty() || status != 200) {
    const auto detail = explain_oauth_error(error, text_of(object, "error_description"));
    if (std::ranges::find(final_errors, error) == final_errors.end()) return unavailable(detail);
    return fail(ErrorKind::unauthenticated, "oauth_refused", detail);
  }
  Tokens tokens{.access_token = text_of(object, "access_token"),
                .lifetime_ms = lifetime_of(object),
                .refresh_token = text_of(object, "refresh_token")};
  if (tokens.access_token.empty() || !is_token(tokens.access_token) || !is_token(tokens.refresh_token))
    return unavailable("The provider's token endpoint gave no token that can be used.");
  return tokens;
}

std::string code_challenge(std::string_view verifier) {
  const auto hash = sha256(verifier);
  return to_base64url(as_bytes(hash));
}

std::string explain_oauth_error(std::string_view code, std::string_view description) {
  std::string said = "The provider refuses access: " + one_line(to_valid_utf8(code.empty() ? "no reason" : code), 60);
  if (!description.empty()) said += " (" + one_line(to_valid_utf8(description), 200) + ")";
  return said + ".";
}

}  // namespace answerable::channels
