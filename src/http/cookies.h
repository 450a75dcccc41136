// The cookies: the session, and the mark of a device on which somebody has signed in before. On https they are Secure
// and have the __Host- prefix (RFC 6265bis): no other host can set or read them. The plain names are for
// http://localhost.
#pragma once

#include <string>
#include <string_view>

#include "http/api.h"
#include "net/http.h"

namespace answerable::http {

std::string session_token(const net::Request& request, const ApiConfig& config);  // empty when there is none
std::string device_token(const net::Request& request, const ApiConfig& config);
void set_session_cookie(net::Response& response, std::string_view token, const ApiConfig& config);
void set_device_cookie(net::Response& response, std::string_view token, const ApiConfig& config);
// The state of a single sign-on, while the browser is at the provider.
std::string sign_on_state(const net::Request& request, const ApiConfig& config);
void set_sign_on_cookie(net::Response& response, std::string_view state, const ApiConfig& config);
void clear_sign_on_cookie(net::Response& response, const ApiConfig& config);
void clear_session_cookie(net::Response& response, const ApiConfig& config);

}  // namespace answerable::http
