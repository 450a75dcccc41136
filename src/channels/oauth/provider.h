// Who grants access to mailboxes by OAuth 2.0 (RFC 6749): the well-known ones are data, any other is described by its
// addresses. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::channels {

struct MailProvider {
  std::string_view id, name;
  std::string_view authorisation_url, token_url;  // {tenant} stands for a company's name there
  std::string_view scope, pop3_scope;             // of a mailbox by IMAP, and by POP3
  std::string_view further;                       // parameters of the authorisation, so that it gives a refresh token
  std::string_view imap_host, pop3_host, smtp_host;
  std::uint16_t imap_port, pop3_port, smtp_port;  // TLS, TLS, and STARTTLS
};
// Those that are known by name.
std::span<const MailProvider> mail_providers();

// What the config of a channel says.
struct OAuthSettings {
  std::string provider;  // the id of one that is known, or "other"
  std::string tenant;    // of a provider that has them
  bool by_pop3 = false;  // the mailbox is read by POP3, which some providers grant by itself
  std::string client_id;
  std::string authorisation_url, token_url, scope;  // of another
};

// What we are to a provider, and where it is asked.
struct OAuthClient {
  std::string client_id, authorisation_url, token_url, scope, further;
  bool operator==(const OAuthClient&) const = default;
};
// Addresses are https, or http on this machine. Errors: invalid "mail_settings" with a sentence.
Result<OAuthClient> make_oauth_client(OAuthSettings settings);

inline constexpr std::string_view refresh_token_name = "oauth.refresh_token";
inline constexpr std::string_view client_secret_name = "oauth.client_secret";

}  // namespace answerable::channels
