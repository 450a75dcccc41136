// What the config of a web chat channel says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::channels::webchat {

struct Settings {
  std::vector<std::string> allowed_origins;  // "https://shop.example"; "*" for any
  std::string greeting, color, language;
  bool require_identity = false;
};

// Never fails: what is missing or of a wrong type has its default.
Settings read_settings(std::string_view config_json);

// May a page of this origin use the chat? No origin at all is no browser, and so no page that could borrow a visitor's
// rights.
bool is_origin_allowed(const Settings& settings, std::string_view origin, std::string_view public_url);

inline constexpr std::string_view identity_secret_name = "identity_secret";

}  // namespace answerable::channels::webchat
