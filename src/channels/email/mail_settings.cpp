#include "channels/email/mail_settings.h"

#include <algorithm>
#include <boost/json.hpp>

#include "mail/dkim_sign.h"
#include "net/address.h"

namespace answerable::channels {

namespace json = boost::json;

namespace {

std::unexpected<Error> bad(std::string_view field, std::string_view what) {
  return fail(ErrorKind::invalid, "mail_settings", std::string(field) + " " + std::string(what));
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

struct Defaults {
  std::uint16_t tls, starttls, none;
  std::uint16_t of(MailSecurity security) const {
    if (security == MailSecurity::tls) return tls;
    return security == MailSecurity::starttls ? starttls : none;
  }
};

Result<std::optional<MailServer>> read_server(const json::object& config, std::string_view name,
                                              const Defaults& ports) {
  const auto* value = config.if_contains(name);
  if (value == nullptr || value->is_null()) return std::optional<MailServer>();
  if (!value->is_object()) return bad(name, "is an object with host, port, security and user.");
  const auto& object = value->get_object();
  MailServer server;
  server.host = text_of(object, "host");
  if (server.host.empty()) return std::optional<MailServer>();
  auto is_host_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == ':' || c == '_';
  };
  if (server.host.size() > 255 || !std::ranges::all_of(server.host, is_host_char))
    return bad(name, "has a host that is no host name.");
  auto security = text_of(object, "security");
  auto parsed = parse_mail_security(security.empty() ? "tls" : security);
  if (!parsed) return bad(name, "has a security that is not tls, starttls or none.");
  server.security = *parsed;
  if (server.security == MailSecurity::none && !is_loopback_host(server.host))
    return bad(name, "may go without encryption to this machine only: choose tls or starttls.");
  server.port = ports.of(server.security);
  if (const auto* port = object.if_contains("port"); port != nullptr && !port->is_null()) {
    if (!port->is_int64() || port->get_int64() < 1 || port->get_int64() > 65'535)
      return bad(name, "has a port that is no port.");
    server.port = static_cast<std::uint16_t>(port->get_int64());
  }
  server.user = text_of(object, "user");
  const auto sign_in = text_of(object, "sign_in");
  if (sign_in != "" && sign_in != "password" && sign_in != "oauth")
    return bad(name, "has a sign_in that is not password or oauth.");
  if (sign_in == "oauth") server.sign_in = SignIn::oauth;
  return server;
}

bool uses_oauth(const std::optional<MailServer>& server) { return server && server->sign_in == SignIn::oauth; }

Status read_oauth(const json::object& config, MailSettings& settings) {
  if (!uses_oauth(settings.imap) && !uses_oauth(settings.pop3) && !uses_oauth(settings.smtp)) return {};
  const auto* value = config.if_contains("oauth");
  if (value == nullptr || !value->is_object()) return bad("oauth", "is missing: name the provider and the client.");
  const auto& object = value->get_object();
  OAuthSettings said{.provider = text_of(object, "provider"),
                     .tenant = text_of(object, "tenant"),
                     .by_pop3 = uses_oauth(settings.pop3),
                     .client_id = text_of(object, "client_id"),
                     .authorisation_url = text_of(object, "authorisation_url"),
                     .token_url = text_of(object, "token_url"),
                     .scope = text_of(object, "scope")};
  TRY(settings.oauth, make_oauth_client(std::move(said)));
  return {};
}

bool is_domain(std::string_view text) {
  auto is_domain_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  };
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, is_domain_char);
}

Status read_trusted(const json::object& config, MailSettings& settings) {
  settings.authserv_id = text_of(config, "authserv_id");
  if (!settings.authserv_id.empty() && !is_domain(settings.authserv_id))
    return bad("authserv_id", "is a server's name in small letters, as it stands in Authentication-Results.");
  const auto* sealers = config.if_contains("arc_sealers");
  if (sealers == nullptr || sealers->is_null()) return {};
  if (!sealers->is_array() || sealers->get_array().size() > arc_sealers_max)
    return bad("arc_sealers", "is a list of at most 20 domains.");
  for (const auto& one : sealers->get_array()) {
    if (!one.is_string() || !is_domain(one.get_string()))
      return bad("arc_sealers", "holds domains in small letters, as in d= of ARC-Seal.");
    settings.arc_sealers.emplace_back(one.get_string());
  }
  return {};
}

// {"enabled", "texts": [{"language", "subject", "text"}]}; the texts of one that is off are kept for later.
Status read_acknowledgement(const json::object& config, MailSettings& settings) {
  const auto* value = config.if_contains("acknowledgement");
  if (value == nullptr || !value->is_object()) return {};
  const auto& acknowledgement = value->get_object();
  const auto* enabled = acknowledgement.if_contains("enabled");
  const auto* texts = acknowledgement.if_contains("texts");
  if (enabled == nullptr || !enabled->is_bool() || !enabled->get_bool()) return {};
  if (texts == nullptr || !texts->is_array() || texts->get_array().empty())
    return bad("acknowledgement", "is enabled and has no texts.");
  for (const auto& one : texts->get_array()) {
    if (!one.is_object()) return bad("acknowledgement", "has a text that is no object.");
    const auto& text = one.get_object();
    settings.acknowledgements.push_back(
        {.language = text_of(text, "language"), .subject = text_of(text, "subject"), .text = text_of(text, "text")});
  }
  return {};
}

// folder, further_folders, after_storing and move_to.
Status read_folders(const json::object& imap, MailSettings& settings) {
  if (auto folder = text_of(imap, "folder"); !folder.empty()) settings.imap_folders = {folder};
  auto& folders = settings.imap_folders;
  if (const auto* further = imap.if_contains("further_folders"); further != nullptr && further->is_array()) {
    for (const auto& one : further->get_array()) {
      std::string name(one.is_string() ? std::string_view(one.get_string()) : std::string_view());
      if (std::ranges::find(folders, name) == folders.end()) folders.push_back(std::move(name));
    }
  }
  auto is_unsayable = [](const std::string& folder) {
    return folder.empty() || std::ranges::any_of(folder, [](unsigned char c) { return c < ' ' || c == 0x7F; });
  };
  if (std::ranges::any_of(folders, is_unsayable)) return bad("imap", "has a folder that is no name.");
  if (folders.size() > imap_folders_max)
    return bad("imap", "has more than " + std::to_string(imap_folders_max) + " folders.");
  const auto after = text_of(imap, "after_storing");
  if (after != "" && after != "leave" && after != "seen" && after != "move")
    return bad("imap", "has an after_storing that is not leave, seen or move.");
  if (after == "seen") settings.after_storing = AfterStoring::seen;
  if (after != "move") return {};
  settings.after_storing = AfterStoring::move;
  settings.move_to = text_of(imap, "move_to");
  if (is_unsayable(settings.move_to)) return bad("imap", "moves what is stored and names no folder in move_to.");
  if (std::ranges::find(folders, settings.move_to) != folders.end())
    return bad("imap", "moves what is stored to a folder that it reads.");
  return {};
}

Status read_pop3(const json::object& config, MailSettings& settings) {
  TRY(settings.pop3, read_server(config, "pop3", {995, 110, 110}));
  if (!settings.pop3) return {};
  if (settings.imap) return bad("pop3", "stands beside imap: a channel fetches its mail by one of them.");
  const auto after = text_of(config.at("pop3").get_object(), "after_storing");
  if (after != "" && after != "leave" && after != "delete")
    return bad("pop3", "has an after_storing that is not leave or delete.");
  settings.pop3_deletes = after == "delete";
  return {};
}

Status read_leaving(const json::object& config, MailSettings& settings) {
  if (const auto* quotes = config.if_contains("quote_replies"); quotes != nullptr && quotes->is_bool())
    settings.quotes_replies = quotes->get_bool();
  const auto* dkim = config.if_contains("dkim");
  if (dkim == nullptr || dkim->is_null()) return {};
  if (dkim->is_object()) settings.dkim_selector = text_of(dkim->get_object(), "selector");
  if (!mail::is_dkim_selector(settings.dkim_selector))
    return bad("dkim", "has a selector that is none: small letters, digits, dots and hyphens, 63 at most.");
  return {};
}

}  // namespace

std::optional<MailSecurity> parse_mail_security(std::string_view text) {
  if (text == "tls") return MailSecurity::tls;
  if (text == "starttls") return MailSecurity::starttls;
  if (text == "none") return MailSecurity::none;
  return std::nullopt;
}

bool is_loopback_host(std::string_view host) {
  if (host == "localhost") return true;
  auto address = net::IpAddress::parse(host);
  return address && address->is_loopback();
}

Result<MailSettings> read_mail_settings(std::string_view config_json) {
  boost::system::error_code failed;
  auto parsed = json::parse(config_json, failed);
  if (failed || !parsed.is_object()) return bad("The config", "is no JSON object.");
  const auto& config = parsed.get_object();
  MailSettings settings;
  settings.from_name = text_of(config, "from_name");
  TRY(settings.imap, read_server(config, "imap", {993, 143, 143}));
  TRY_STATUS(read_pop3(config, settings));
  TRY(settings.smtp, read_server(config, "smtp", {465, 587, 25}));
  if (const auto* imap = config.if_contains("imap"); imap != nullptr && imap->is_object())
    TRY_STATUS(read_folders(imap->get_object(), settings));
  TRY_STATUS(read_oauth(config, settings));
  TRY_STATUS(read_trusted(config, settings));
  TRY_STATUS(read_acknowledgement(config, settings));
  TRY_STATUS(read_leaving(config, settings));
  settings.plus_addressing = !settings.imap && !settings.pop3;
  if (const auto* plus = config.if_contains("plus_addressing"); plus != nullptr && plus->is_bool())
    settings.plus_addressing = plus->get_bool();
  return settings;
}

}  // namespace answerable::channels
