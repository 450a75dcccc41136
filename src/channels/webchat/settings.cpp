#include "channels/webchat/settings.h"

#include <algorithm>
#include <boost/json.hpp>

namespace answerable::channels::webchat {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string_view without_slash(std::string_view origin) {
  while (origin.ends_with('/')) origin.remove_suffix(1);
  return origin;
}

// Scheme and host do not distinguish case.
bool same_origin(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(without_slash(a), without_slash(b), {}, lower, lower);
}

}  // namespace

Settings read_settings(std::string_view config_json) {
  Settings settings;
  boost::system::error_code failed;
  auto parsed = json::parse(config_json, failed);
  if (failed || !parsed.is_object()) return settings;
  const auto& object = parsed.get_object();
  settings.greeting = text_of(object, "greeting");
  settings.color = text_of(object, "color");
  settings.language = text_of(object, "language");
  if (const auto* flag = object.if_contains("require_identity"); flag != nullptr && flag->is_bool())
    settings.require_identity = flag->get_bool();
  if (const auto* list = object.if_contains("allowed_origins"); list != nullptr && list->is_array()) {
    for (const auto& origin : list->get_array())
      if (origin.is_string()) settings.allowed_origins.emplace_back(origin.get_string());
  }
  return settings;
}

bool is_origin_allowed(const Settings& settings, std::string_view origin, std::string_view public_url) {
  if (origin.empty() || same_origin(origin, public_url)) return true;
  return std::ranges::any_of(settings.allowed_origins,
                             [&](const auto& allowed) { return allowed == "*" || same_origin(allowed, origin); });
}

}  // namespace answerable::channels::webchat
