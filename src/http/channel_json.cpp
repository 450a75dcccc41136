#include "http/channel_json.h"

#include <algorithm>

#include "http/acknowledgement_json.h"
#include "http/dkim_json.h"
#include "intake/limits.h"

namespace answerable::http {
namespace {

constexpr TextLimits short_limits{.bytes_min = 0, .bytes_max = 200};
constexpr TextLimits host_limits{.bytes_min = 1, .bytes_max = 253};
constexpr TextLimits secret_limits{.bytes_min = 1, .bytes_max = 1'000};
constexpr TextLimits identity_secret_limits{.bytes_min = 32, .bytes_max = 256};
constexpr TextLimits address_limits{.bytes_min = 3, .bytes_max = 254};
constexpr TextLimits origin_limits{.bytes_min = 1, .bytes_max = 300};
constexpr TextLimits greeting_limits{.bytes_min = 0, .bytes_max = 1'000};
constexpr std::size_t origins_max = 50;
constexpr std::size_t arc_sealers_max = 20;
constexpr TextLimits folder_limits{.bytes_min = 1, .bytes_max = 200};
constexpr std::size_t further_folders_max = 19;  // with the first one 20: channels/email/mail_settings.h
constexpr std::int64_t port_max = 65'535;
constexpr TextLimits url_limits{.bytes_min = 1, .bytes_max = 1'000};
constexpr TextLimits token_limits{.bytes_min = 1, .bytes_max = 16'384};

void copy_texts(JsonWriter& out, std::string_view name, const std::vector<std::string>& texts) {
  out.key(name).begin_array();
  for (const auto& text : texts) out.text(text);
  out.end_array();
}

void read_folders(JsonReader& imap, JsonWriter& out) {
  out.member("folder", imap.text("folder", short_limits).value_or("INBOX"));
  copy_texts(out, "further_folders",
             imap.texts("further_folders", folder_limits, further_folders_max).value_or(std::vector<std::string>()));
  const auto after = imap.choice("after_storing", {"leave", "seen", "move"}).value_or("leave");
  const auto move_to = imap.text("move_to", short_limits).value_or("");
  if (after == "move" && move_to.empty()) imap.refuse("move_to", "required", "Name the folder that mail is moved to.");
  out.member("after_storing", after).member("move_to", move_to);
}

// imap, pop3 and smtp: {host, port, security, user, sign_in, password}, and what is done with fetched mail
void read_server(JsonReader& config, JsonWriter& out, ChannelConfig& found, const std::string& name) {
  auto server = config.object(name);
  if (!server) return;
  out.key(name).begin_object();
  out.member("host", server->need_text("host", host_limits));
  const std::int64_t usual_port = name == "imap" ? 993 : name == "pop3" ? 995 : 587;
  out.member("port", server->integer("port", 1, port_max).value_or(usual_port));
  const auto security = server->choice("security", {"tls", "starttls", "none"});
  out.member("security", security.value_or(name == "smtp" ? "starttls" : "tls"));
  out.member("user", server->text("user", short_limits).value_or(""));
  if (const auto sign_in = server->choice("sign_in", {"password", "oauth"})) out.member("sign_in", *sign_in);
  if (auto password = server->text("password", secret_limits))
    found.secrets.emplace_back(name + ".password", *password);
  if (name == "imap") read_folders(*server, out);
  if (name == "pop3")
    out.member("after_storing", server->choice("after_storing", {"leave", "delete"}).value_or("leave"));
  out.end_object();
  config.absorb(name, *server);
}

// The provider of access tokens: {provider, tenant, client_id, client_secret, refresh_token, and the addresses of one
// that is not known by name}
void read_oauth(JsonReader& config, JsonWriter& out, ChannelConfig& found) {
  auto oauth = config.object("oauth");
  if (!oauth) return;
  const auto provider = oauth->choice("provider", {"google", "microsoft", "other"}).value_or("");
  if (!oauth->has("provider")) oauth->refuse("provider", "required", "google, microsoft or other.");
  out.key("oauth").begin_object().member("provider", provider);
  out.member("client_id", oauth->need_text("client_id", host_limits));
  if (const auto tenant = oauth->text("tenant", short_limits)) out.member("tenant", *tenant);
  for (const auto* name : {"authorisation_url", "token_url"}) {
    const auto url = oauth->text(name, url_limits).value_or("");
    if (url.empty() && provider != "other") continue;
    if (!url.starts_with("https://") && !url.starts_with("http://127.0.0.1:") && !url.starts_with("http://localhost:"))
      oauth->refuse(name, "not_allowed", "An address that begins with https://.");
    out.member(name, url);
  }
  if (const auto scope = oauth->text("scope", url_limits)) out.member("scope", *scope);
  if (auto secret = oauth->text("client_secret", url_limits))
    found.secrets.emplace_back("oauth.client_secret", *std::move(secret));
  if (auto token = oauth->text("refresh_token", token_limits))
    found.secrets.emplace_back("oauth.refresh_token", *std::move(token));
  out.end_object();
  config.absorb("oauth", *oauth);
}

bool is_server_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

// Whose checks of senders are believed.
void read_trusted(JsonReader& config, JsonWriter& out) {
  if (const auto id = config.text("authserv_id", short_limits)) {
    if (!is_server_name(*id))
      config.refuse("authserv_id", "not_allowed", "A server's name in small letters, as in Authentication-Results.");
    out.member("authserv_id", *id);
  }
  if (const auto sealers = config.texts("arc_sealers", host_limits, arc_sealers_max)) {
    for (const auto& one : *sealers)
      if (!is_server_name(one))
        config.refuse("arc_sealers", "not_allowed", "Domains in small letters, as in ARC-Seal.");
    copy_texts(out, "arc_sealers", *sealers);
  }
}

void read_email(JsonReader& config, JsonWriter& out, ChannelConfig& found, std::string_view stored_config) {
  if (const auto name = config.text("from_name", short_limits)) out.member("from_name", *name);
  read_server(config, out, found, "imap");
  const auto is_given = [&](std::string_view name) { return config.has(name) && !config.is_null(name); };
  if (is_given("pop3") && is_given("imap"))
    config.refuse("pop3", "not_allowed", "A channel fetches its mail by IMAP or by POP3.");
  read_server(config, out, found, "pop3");
  read_server(config, out, found, "smtp");
  read_oauth(config, out, found);
  if (auto addresses = config.texts("lmtp_addresses", address_limits, intake::channel_addresses_max))
    found.lmtp_addresses = *std::move(addresses);
  copy_texts(out, "lmtp_addresses", found.lmtp_addresses);
  read_trusted(config, out);
  read_acknowledgement(config, out);
  if (const auto quotes = config.flag("quote_replies")) out.member("quote_replies", *quotes);
  read_dkim(config, out, found, stored_config);
}

bool is_color(std::string_view text) {
  return text.size() == 7 && text.front() == '#' &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return std::isxdigit(static_cast<unsigned char>(c)); });
}

bool is_origin(std::string_view text) {
  if (text == "*") return true;
  const auto rest = text.substr(text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : text.size());
  return !rest.empty() && rest.find('/') == std::string_view::npos && rest.find(' ') == std::string_view::npos;
}

void read_webchat(JsonReader& config, JsonWriter& out, ChannelConfig& found) {
  const auto origins = config.texts("allowed_origins", origin_limits, origins_max).value_or(std::vector<std::string>());
  for (const auto& origin : origins) {
    if (!is_origin(origin))
      config.refuse("allowed_origins", "not_allowed", "An origin is written as https://www.example.com, or * for all.");
  }
  copy_texts(out, "allowed_origins", origins);
  out.member("greeting", config.text("greeting", greeting_limits).value_or(""));
  const auto color = config.text("color", short_limits).value_or("");
  if (!color.empty() && !is_color(color)) config.refuse("color", "not_allowed", "A colour is written as #7a2a5e.");
  out.member("color", color);
  if (const auto secret = config.text("identity_secret", identity_secret_limits))
    found.secrets.emplace_back("identity_secret", *secret);
  out.member("require_identity", config.flag("require_identity").value_or(false));
  out.member("language", config.choice("language", {"en", "fr", "ar"}).value_or("en"));
}

void write_stats(JsonWriter& out, const ChannelView& view) {
  out.key("stats").begin_object();
  out.member("received", view.stats->received).member("quarantined", view.stats->quarantined);
  out.member("duplicates", view.stats->duplicates).member("waiting", view.stats->waiting);
  out.member("last_received_at", view.stats->last_received_at);
  const outbox::ChannelFigures none;
  const auto& figures = view.figures != nullptr ? *view.figures : none;
  out.member("pending_deliveries", figures.pending).member("failed_deliveries", figures.failed).key("lag_ms");
  if (view.stats->last_received_at) {
    out.number(view.stats->last_lag_ms);
  } else {
    out.null();
  }
  out.end_object();
}

bool quotes_replies(std::string_view stored_config) {
  auto config = JsonReader::parse(stored_config);
  return !config || config->flag("quote_replies").value_or(true);
}

// The stored configuration is ours and an object; the secret that is shown once goes in as its last member.
void write_config(JsonWriter& out, const ChannelView& view) {
  auto config = view.channel.config;
  if (!view.new_identity_secret.empty() && config.ends_with('}')) {
    JsonWriter member;
    member.member("identity_secret", view.new_identity_secret);
    config.pop_back();
    config += (config == "{" ? "" : ",") + member.take() + "}";
  }
  out.key("config").raw(config.empty() ? "{}" : config);
}

}  // namespace

std::optional<ChannelConfig> read_channel_config(JsonReader& body, std::string_view kind,
                                                 std::string_view stored_config) {
  auto config = body.object("config");
  if (!config) return std::nullopt;
  ChannelConfig found;
  JsonWriter out;
  out.begin_object();
  if (kind == "email") read_email(*config, out, found, stored_config);
  if (kind == "webchat") read_webchat(*config, out, found);
  out.end_object();
  found.json = out.take();
  if (found.json.size() > intake::channel_config_bytes_max)
    config->refuse("", "too_long", "The configuration is too long.");
  body.absorb("config", *config);
  return found;
}

void write_channel(JsonWriter& out, const ChannelView& view) {
  const auto& channel = view.channel;
  out.begin_object();
  out.member("id", channel.id).member("kind", channel.kind).member("name", channel.name);
  out.member("address", channel.address).member("state", to_string(channel.state));
  if (view.stats != nullptr) {
    out.text_or_null("state_detail", channel.state_detail);
    write_config(out, view);
    write_stats(out, view);
  }
  if (channel.kind == "email") out.member("quotes_replies", quotes_replies(channel.config));
  if (channel.kind == "webchat")
    out.member("snippet", "<script src=\"" + std::string(view.public_url) + "/widget.js\" data-channel=\"" +
                              channel.id.text() + "\" async></script>");
  out.end_object();
}

}  // namespace answerable::http
