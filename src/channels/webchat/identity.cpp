#include "channels/webchat/identity.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "channels/webchat/limits.h"

namespace answerable::channels::webchat {

namespace json = boost::json;

namespace {

std::unexpected<Error> invalid() {
  return fail(ErrorKind::unauthenticated, "identity_invalid",
              "The visitor's identity is not signed with this channel's secret.");
}

Result<json::object> parse_part(std::string_view part) {
  auto decoded = from_base64url(part);
  if (!decoded) return invalid();
  boost::system::error_code failed;
  auto parsed = json::parse(*decoded, failed);
  if (failed || !parsed.is_object()) return invalid();
  return std::move(parsed.get_object());
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// One audience or several (RFC 7519, 4.1.3).
bool is_meant_for(const json::object& claims, std::string_view channel) {
  const auto is_channel = [&](const json::value& one) { return one.is_string() && one.get_string() == channel; };
  const auto* audience = claims.if_contains("aud");
  if (audience == nullptr) return true;
  return audience->is_array() ? std::ranges::any_of(audience->get_array(), is_channel) : is_channel(*audience);
}

}  // namespace

Result<Identity> verify_identity(std::string_view jwt, const Audience& audience, Time now) {
  if (audience.secret.empty() || jwt.size() > identity_bytes_max) return invalid();
  auto first = jwt.find('.');
  auto second = first == std::string_view::npos ? first : jwt.find('.', first + 1);
  if (second == std::string_view::npos || jwt.find('.', second + 1) != std::string_view::npos) return invalid();
  // The signature first: nothing that is not signed is parsed.
  auto signature = from_base64url(jwt.substr(second + 1));
  auto expected = hmac_sha256(audience.secret, jwt.substr(0, second));
  if (!signature || !equal_in_constant_time(*signature, as_bytes(expected))) return invalid();
  TRY(auto header, parse_part(jwt.substr(0, first)));
  if (text_of(header, "alg") != "HS256" || header.contains("crit")) return invalid();
  TRY(auto claims, parse_part(jwt.substr(first + 1, second - first - 1)));
  if (!is_meant_for(claims, audience.channel))
    return fail(ErrorKind::unauthenticated, "identity_elsewhere",
                "The visitor's identity is for something else: its `aud` must be this channel's id, or not be there.");
  const auto* expires = claims.if_contains("exp");
  if (expires == nullptr || !expires->is_int64()) return invalid();
  // Compared in seconds, so that a huge number cannot overflow.
  const auto now_s = now.ms / 1'000;
  if (expires->get_int64() <= now_s - clock_skew_ms / 1'000)
    return fail(ErrorKind::unauthenticated, "identity_expired", "The visitor's identity has expired: sign a new one.");
  if (expires->get_int64() > now_s + (identity_ms_max + clock_skew_ms) / 1'000)
    return fail(ErrorKind::unauthenticated, "identity_too_long",
                "The visitor's identity may be valid for an hour at most.");
  Identity identity{text_of(claims, "sub"), one_line(text_of(claims, "name"), 200),
                    one_line(text_of(claims, "email"), 254)};
  if (identity.subject.empty() || identity.subject.size() > 200 || identity.subject.find('\0') != std::string::npos)
    return invalid();
  return identity;
}

}  // namespace answerable::channels::webchat
