// What the config of a mail channel says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/oauth/provider.h"

namespace answerable::channels {

enum class MailSecurity : std::uint8_t { tls, starttls, none };  // none: to a loopback address only
std::optional<MailSecurity> parse_mail_security(std::string_view text);

// How a server is told that we are `user`: what goes with it is a password, or an access token of the channel's
// provider.
enum class SignIn : std::uint8_t { password, oauth };

struct MailServer {
  std::string host;
  std::uint16_t port = 0;
  MailSecurity security = MailSecurity::tls;
  std::string user;
  SignIn sign_in = SignIn::password;
};

// What happens at the server to a mail that is stored here. By default nothing at all.
enum class AfterStoring : std::uint8_t { leave, seen, move };

inline constexpr std::size_t imap_folders_max = 20;  // of one channel; each has a connection of its own

// What is said at once to whoever writes, in one language. With the placeholders of intake/acknowledgement.h.
struct AcknowledgementText {
  std::string language;  // ISO 639-1
  std::string subject, text;
};

struct MailSettings {
  std::string from_name;
  std::optional<MailServer> imap;
  std::vector<std::string> imap_folders{"INBOX"};
  AfterStoring after_storing = AfterStoring::leave;
  std::string move_to;
  std::optional<MailServer> pop3;  // or imap, never both
  bool pop3_deletes = false;       // what is stored, and then only
  std::optional<MailServer> smtp;
  std::optional<OAuthClient> oauth;  // there when one of the servers signs in by it
  // May replies carry a token in the address (help+token@…)? By default when mail comes by LMTP, where we understand it
  // ourselves.
  bool plus_addressing = true;
  // Of the server that receives for this channel: its Authentication-Results are believed. Empty: none is.
  std::string authserv_id;
  std::string dkim_selector;             // not empty: what leaves is signed, with the key in the secret dkim_key_name
  bool quotes_replies = true;            // below a reply stands what it answers
  std::vector<std::string> arc_sealers;  // domains of mailing lists and forwarders whose ARC sets are believed
  std::vector<AcknowledgementText>
      acknowledgements;  // empty: nothing is acknowledged. The first is for other languages
};

inline constexpr std::size_t arc_sealers_max = 20;

// Errors: invalid "mail_settings" with a sentence that names the field.
Result<MailSettings> read_mail_settings(std::string_view config_json);

inline constexpr std::string_view imap_password_name = "imap.password";
inline constexpr std::string_view pop3_password_name = "pop3.password";
inline constexpr std::string_view smtp_password_name = "smtp.password";
inline constexpr std::string_view dkim_key_name = "dkim.key";  // a private key in PEM

// Is the host this machine? Then, and only then, security "none" is allowed.
bool is_loopback_host(std::string_view host);

}  // namespace answerable::channels
