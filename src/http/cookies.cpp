#include "http/cookies.h"

#include "access/challenge.h"
#include "access/session.h"

namespace answerable::http {
namespace {

constexpr std::int64_t year_s = 365LL * 24 * 3600;

bool is_secure(const ApiConfig& config) { return config.public_url.starts_with("https://"); }

std::string name_of(std::string_view plain, const ApiConfig& config) {
  return std::string(is_secure(config) ? "__Host-" : "").append(plain);
}

std::string value_of(const net::Request& request, const std::string& name) {
  return std::string(request.cookie(name).value_or(""));
}

void set(net::Response& response, const std::string& name_and_value, std::int64_t max_age_s, const ApiConfig& config) {
  auto cookie = name_and_value + "; Path=/; Max-Age=" + std::to_string(max_age_s) + "; HttpOnly; SameSite=Lax";
  if (is_secure(config)) cookie += "; Secure";
  response.headers.add("Set-Cookie", cookie);
}

}  // namespace

std::string session_token(const net::Request& request, const ApiConfig& config) {
  return value_of(request, name_of("answerable", config));
}

std::string device_token(const net::Request& request, const ApiConfig& config) {
  return value_of(request, name_of("answerable-device", config));
}

void set_session_cookie(net::Response& response, std::string_view token, const ApiConfig& config) {
  set(response, name_of("answerable", config) + "=" + std::string(token), access::session_absolute_ms / 1000, config);
}

void set_device_cookie(net::Response& response, std::string_view token, const ApiConfig& config) {
  set(response, name_of("answerable-device", config) + "=" + std::string(token), year_s, config);
}

std::string sign_on_state(const net::Request& request, const ApiConfig& config) {
  return value_of(request, name_of("answerable-sign-on", config));
}

void set_sign_on_cookie(net::Response& response, std::string_view state, const ApiConfig& config) {
  set(response, name_of("answerable-sign-on", config) + "=" + std::string(state), access::challenge_ms / 1000, config);
}

void clear_sign_on_cookie(net::Response& response, const ApiConfig& config) {
  set(response, name_of("answerable-sign-on", config) + "=", 0, config);
}

void clear_session_cookie(net::Response& response, const ApiConfig& config) {
  set(response, name_of("answerable", config) + "=", 0, config);
}

}  // namespace answerable::http
