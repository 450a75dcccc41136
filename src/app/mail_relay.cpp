#include "app/mail_relay.h"

#include "channels/email/mail_settings.h"

namespace answerable::app {

Result<std::optional<channels::Relay>> mail_relay(const Configuration& c) {
  if (c.relay_host.empty()) return std::nullopt;
  channels::Relay relay;
  relay.server.host = c.relay_host;
  relay.server.port = static_cast<std::uint16_t>(c.relay_port);
  relay.server.security = *channels::parse_mail_security(c.relay_security);  // load_configuration checked it
  relay.server.user = c.relay_user;
  if (relay.server.security == channels::MailSecurity::none && !channels::is_loopback_host(c.relay_host))
    return fail(ErrorKind::invalid, "configuration_value",
                "mail.relay.security is none, which is for this machine only: use tls or starttls.");
  if (!c.relay_password_file.empty()) {
    TRY(relay.password, read_secret_file(c.relay_password_file));
  }
  return relay;
}

}  // namespace answerable::app
