#include "http/channel_secrets.h"

#include <algorithm>
#include <array>

namespace answerable::http {
namespace {

constexpr TextLimits any_text{.bytes_min = 0, .bytes_max = 2'000};
constexpr std::int64_t port_max = 65'535;
constexpr std::array<std::string_view, 3> servers{"imap", "pop3", "smtp"};

using Texts = std::vector<std::optional<std::string>>;

Texts texts_of(std::string_view stored_config, std::string_view object, std::initializer_list<std::string_view> names) {
  auto config = JsonReader::parse(stored_config);
  auto found = config ? config->object(object) : std::nullopt;
  if (!found) return {};
  Texts texts;
  for (const auto name : names) texts.push_back(found->text(name, any_text));
  return texts;
}

// Where a password goes: all that decides who may read it.
struct SignIn {
  Texts texts;  // host, security, user, sign_in
  std::optional<std::int64_t> port;
  bool operator==(const SignIn&) const = default;
  bool is_set() const { return !texts.empty() && texts[0]; }
  bool has_user() const { return is_set() && !texts[2].value_or("").empty(); }
  bool is_oauth() const { return is_set() && texts[3] == "oauth"; }
};

SignIn sign_in_of(std::string_view stored_config, std::string_view name) {
  SignIn found{.texts = texts_of(stored_config, name, {"host", "security", "user", "sign_in"}), .port = {}};
  auto config = JsonReader::parse(stored_config);
  auto server = config ? config->object(name) : std::nullopt;
  if (server) found.port = server->integer("port", 1, port_max);
  if (found.is_set() && !found.texts[3]) found.texts[3] = "password";
  return found;
}

Texts client_of(std::string_view config) {
  return texts_of(config, "oauth", {"provider", "tenant", "client_id", "token_url", "authorisation_url", "scope"});
}

bool has(const auto& secrets, std::string_view name) {
  return std::ranges::any_of(secrets, [&](const auto& entry) { return entry.first == name; });
}

bool uses_oauth(std::string_view config) {
  return std::ranges::any_of(servers, [&](auto name) { return sign_in_of(config, name).is_oauth(); });
}

// An access token goes to the servers, and the refresh token and the client's secret to the provider.
void keep_grant_home(const intake::Channel& now, const intake::Secrets& stored, intake::ChannelChange& change,
                     std::vector<FieldError>& errors) {
  const bool same_client = client_of(now.config) == client_of(*change.config);
  const bool same_servers = std::ranges::all_of(servers, [&](auto name) {
    const auto next = sign_in_of(*change.config, name);
    return !next.is_oauth() || next == sign_in_of(now.config, name);
  });
  const bool is_used = uses_oauth(*change.config);
  const bool is_dropped = !is_used || !same_client || !same_servers;
  if (is_dropped && has(stored, "oauth.refresh_token") && !has(change.secrets, "oauth.refresh_token"))
    change.secrets.emplace_back("oauth.refresh_token", std::nullopt);
  if (same_client || !has(stored, "oauth.client_secret") || has(change.secrets, "oauth.client_secret")) return;
  if (is_used)
    errors.push_back(
        {"config.oauth.client_secret", "required", "A changed provider or client needs its secret again."});
  else
    change.secrets.emplace_back("oauth.client_secret", std::nullopt);
}

}  // namespace

std::vector<FieldError> keep_secrets_home(const intake::Channel& now, const intake::Secrets& stored,
                                          intake::ChannelChange& change) {
  std::vector<FieldError> errors;
  if (!change.config) return errors;
  for (const auto name : servers) {
    const auto secret = std::string(name) + ".password";
    if (!has(stored, secret) || has(change.secrets, secret)) continue;
    const auto next = sign_in_of(*change.config, name);
    if (next.is_set() && next == sign_in_of(now.config, name)) continue;
    if (next.has_user() && !next.is_oauth()) {
      errors.push_back({"config." + secret, "required", "A changed server or account needs its password again."});
    } else {
      change.secrets.emplace_back(secret, std::nullopt);
    }
  }
  keep_grant_home(now, stored, change, errors);
  return errors;
}

bool needs_authorisation(std::string_view config, bool has_refresh_token) {
  return !has_refresh_token && uses_oauth(config);
}

}  // namespace answerable::http
