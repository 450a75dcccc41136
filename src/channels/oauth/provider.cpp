#include "channels/oauth/provider.h"

#include <algorithm>
#include <array>

#include "net/address.h"

namespace answerable::channels {

namespace {

constexpr std::array providers{
    MailProvider{.id = "google",
                 .name = "Google",
                 .authorisation_url = "https://accounts.google.com/o/oauth2/v2/auth",
                 .token_url = "https://oauth2.googleapis.com/token",
                 .scope = "https://mail.google.com/",
                 .pop3_scope = "https://mail.google.com/",
                 .further = "&access_type=offline&prompt=consent",
                 .imap_host = "imap.gmail.com",
                 .pop3_host = "pop.gmail.com",
                 .smtp_host = "smtp.gmail.com",
                 .imap_port = 993,
                 .pop3_port = 995,
                 .smtp_port = 587},
    MailProvider{.id = "microsoft",
                 .name = "Microsoft",
                 .authorisation_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
                 .token_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
                 .scope = "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send "
                          "offline_access",
                 .pop3_scope = "https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/SMTP.Send "
                               "offline_access",
                 .further = "&prompt=select_account",
                 .imap_host = "outlook.office365.com",
                 .pop3_host = "outlook.office365.com",
                 .smtp_host = "smtp.office365.com",
                 .imap_port = 993,
                 .pop3_port = 995,
                 .smtp_port = 587}};

constexpr std::string_view tenant_mark = "{tenant}";
constexpr std::string_view any_tenant = "organizations";

std::unexpected<Error> bad(std::string_view what) {
  return fail(ErrorKind::invalid, "mail_settings", "oauth " + std::string(what));
}

// The host of an address, or nothing when it has none or has more before it than a scheme.
std::string_view host_of(std::string_view url, std::string_view scheme) {
  if (!url.starts_with(scheme)) return {};
  const auto authority = url.substr(scheme.size(), url.find_first_of("/?#", scheme.size()) - scheme.size());
  if (authority.find('@') != std::string_view::npos) return {};
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

bool is_on_this_machine(std::string_view host) {
  if (host == "localhost") return true;
  const auto address = net::IpAddress::parse(host);
  return address && address->is_loopback();
}

// Secrets and tokens go there.
bool is_safe_address(std::string_view url) {
  const auto is_printable = [](char c) { return c > ' ' && c < 0x7F; };
  if (!std::ranges::all_of(url, is_printable)) return false;
  return !host_of(url, "https://").empty() || is_on_this_machine(host_of(url, "http://"));
}

std::string for_tenant(std::string_view url, std::string_view tenant) {
  std::string filled(url);
  if (const auto at = filled.find(tenant_mark); at != std::string::npos)
    filled.replace(at, tenant_mark.size(), tenant.empty() ? any_tenant : tenant);
  return filled;
}

}  // namespace

std::span<const MailProvider> mail_providers() { return providers; }

Result<OAuthClient> make_oauth_client(OAuthSettings settings) {
  if (settings.client_id.empty()) return bad("has no client_id: the provider gives one when you register there.");
  const auto known = std::ranges::find(providers, settings.provider, &MailProvider::id);
  if (known == providers.end() && settings.provider != "other")
    return bad("has a provider that is not google, microsoft or other.");
  OAuthClient client{.client_id = std::move(settings.client_id),
                     .authorisation_url = std::move(settings.authorisation_url),
                     .token_url = std::move(settings.token_url),
                     .scope = std::move(settings.scope),
                     .further = {}};
  if (known != providers.end()) {
    const auto is_tenant_char = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    if (!std::ranges::all_of(settings.tenant, is_tenant_char)) return bad("has a tenant that is no name of one.");
    client.authorisation_url = for_tenant(known->authorisation_url, settings.tenant);
    client.token_url = for_tenant(known->token_url, settings.tenant);
    client.scope = settings.by_pop3 ? known->pop3_scope : known->scope;
    client.further = known->further;
  }
  if (!is_safe_address(client.token_url) || !is_safe_address(client.authorisation_url))
    return bad("needs an authorisation_url and a token_url that begin with https://.");
  return client;
}

}  // namespace answerable::channels
